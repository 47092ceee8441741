package dev.agentrooms.agent.flow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.agent.flow.RulePlanner.Wish;
import dev.agentrooms.agent.session.Agent;
import dev.agentrooms.agent.session.Call;
import dev.agentrooms.agent.session.Call.Words;
import dev.agentrooms.agent.session.Failure;
import dev.agentrooms.agent.session.Next;
import dev.agentrooms.agent.session.Plan;
import dev.agentrooms.agent.session.Run;
import dev.agentrooms.agent.session.RunSpec;
import dev.agentrooms.agent.session.Step;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.StepWords;
import dev.agentrooms.protocol.Submission;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The built-in agent: makes quizzes from the course notes, grades them, and answers questions.
public final class QuizAgent implements Agent {

  static final String CREATE_QUIZ = "create_quiz";
  static final String EVALUATE = "evaluate";
  static final String ANSWER = "answer";

  /// The workflows that a question chooses from.
  public static final List<String> INTENTS = List.of(CREATE_QUIZ, EVALUATE, ANSWER);

  private static final Call GENERATE =
      new Call(
          "generate_exam",
          "generate_exam",
          "Write the questions",
          new Words(
              "start_generate_exam",
              "Writing the questions",
              "generate_done",
              "The questions are written"),
          null);

  private static final Call GRADE =
      new Call(
          "grading",
          "grade_exam",
          "Grade the answers",
          new Words(
              "start_grading", "Grading the answers", "grading_done", "The answers are graded"),
          null);

  private static final Map<String, List<Call>> CALLS =
      Map.of(
          CREATE_QUIZ, List.of(retrieval("rag_search"), GENERATE),
          EVALUATE, List.of(GRADE),
          ANSWER, List.of(retrieval("rag_answer")));

  private static final Map<String, String> DESCRIPTIONS =
      Map.of(
          CREATE_QUIZ, "Makes a quiz about a topic from the course notes",
          EVALUATE, "Grades the answers to a quiz",
          ANSWER, "Answers a question from the course notes");

  private static final String NUMBER = "num_questions";

  private final RulePlanner planner = new RulePlanner();
  private final int topK;
  private final int numQuestions;

  /// @param topK how many chunks a search asks for
  /// @param numQuestions default number of questions
  public QuizAgent(int topK, int numQuestions) {
    this.topK = topK;
    this.numQuestions = numQuestions;
  }

  @Override
  public Plan plan(RunSpec spec) {
    Wish wish =
        spec.submission() == null
            ? planner.plan(spec.question())
            : new Wish(EVALUATE, spec.question(), null);
    Wish asked =
        spec.workflow() == null
            ? wish
            : new Wish(spec.workflow(), wish.topic(), wish.numQuestions());
    Integer count = spec.numQuestions() != null ? spec.numQuestions() : asked.numQuestions();
    ObjectNode kept = Json.object().put(NUMBER, count != null ? count : numQuestions);
    ObjectNode shown = Json.object().put("topic", asked.topic());
    if (asked.intent().equals(CREATE_QUIZ)) {
      shown.setAll(kept);
      // By the request itself, neither by the words of its question nor by a setting of ours.
      shown.put(NUMBER + "_asked", spec.numQuestions() != null);
    }
    return new Plan(asked.intent(), steps(asked.intent()), shown, kept);
  }

  /// All event names of a run of `intent` that succeeds, in order.
  public static List<String> steps(String intent) {
    List<String> steps = new ArrayList<>(List.of(StepWords.INTENT_DETERMINED));
    for (Call call : CALLS.getOrDefault(intent, List.of())) {
      steps.add(call.words().start());
      steps.add(call.words().done());
    }
    steps.add(StepWords.FINAL_ANSWER);
    return steps;
  }

  /// What each of its workflows is for, by name, in their order.
  static Map<String, String> descriptions() {
    Map<String, String> descriptions = new LinkedHashMap<>();
    INTENTS.forEach(intent -> descriptions.put(intent, DESCRIPTIONS.getOrDefault(intent, intent)));
    return descriptions;
  }

  /// Adds its workflows to a list of them.
  static void describe(ArrayNode workflows) {
    for (String intent : INTENTS) {
      ObjectNode each = workflows.addObject().put("name", intent);
      each.put("description", DESCRIPTIONS.get(intent)).put("built_in", true);
      ArrayNode steps = each.putArray("steps");
      ArrayNode tools = each.putArray("tools");
      for (Call call : CALLS.getOrDefault(intent, List.of())) {
        steps.addObject().put("name", call.step()).put("kind", "tool");
        tools.add(call.tool());
      }
      each.putNull("input");
    }
  }

  @Override
  public Next next(Run run) {
    Step last = run.steps().isEmpty() ? null : run.steps().getLast();
    if (last != null && last.state() instanceof Step.Failed(Failure why)) {
      return new Next.Fail(last.call().tool() + " failed: " + why.detail(), why.reason());
    }
    JsonNode found = last != null && last.state() instanceof Step.Done done ? done.output() : null;
    List<Call> calls = CALLS.getOrDefault(run.planned().intent(), List.of());
    int taken = run.steps().size();
    if (taken >= calls.size()) {
      return found == null
          ? new Next.Fail("There is nothing to do.", null)
          : new Next.Finish(found);
    }
    Call call = calls.get(taken);
    ObjectNode arguments = arguments(run, call.tool(), found);
    return arguments == null
        ? new Next.Unable(
            call,
            new Failure(
                "nothing_to_grade",
                null,
                "Grading needs a submission: the exam's id and the answers."))
        : Next.Calls.one(call.with(arguments));
  }

  private @Nullable ObjectNode arguments(Run run, String tool, @Nullable JsonNode found) {
    RunSpec spec = run.spec();
    return switch (tool) {
      case "generate_exam" -> generate(run.planned(), found);
      case "grade_exam" -> spec.submission() == null ? null : grade(spec.submission());
      default -> Json.object().put("query", spec.question()).put("top_k", topK);
    };
  }

  private static ObjectNode generate(Plan plan, @Nullable JsonNode found) {
    ObjectNode input = Json.object();
    input.set("topic", plan.shown().path("topic"));
    input.set(NUMBER, plan.kept().path(NUMBER));
    return input.set(
        "chunks", found != null && found.has("chunks") ? found.get("chunks") : input.arrayNode());
  }

  private static ObjectNode grade(Submission submission) {
    ObjectNode input = Json.object().put("exam_id", submission.examId());
    ObjectNode answers = input.putObject("answers");
    submission.answers().forEach(answers::put);
    return input;
  }

  private static Call retrieval(String tool) {
    return new Call(
        "retrieval",
        tool,
        "Search the course notes",
        new Words(
            "start_retrieval",
            "Searching the course notes",
            "retrieval_done",
            "The course notes are searched"),
        null);
  }

  @Override
  public String text(String intent, JsonNode result) {
    return switch (intent) {
      case CREATE_QUIZ -> QuizText.quiz(result);
      case EVALUATE -> QuizText.grade(result);
      default -> result.path("answer").asText();
    };
  }

  // Where it was made of chunks, and could have named them.
  @Override
  public boolean isUngrounded(String intent, JsonNode result) {
    return intent.equals(ANSWER)
        && !result.path("chunks").isEmpty()
        && result.path("citations").isArray()
        && result.path("citations").isEmpty();
  }
}
