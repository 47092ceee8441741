package dev.agentrooms.agent.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.agent.session.Planner.Plan;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.Submission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which tools an intent needs, and how each is shown. One workflow is a list of stages; a new
/// intent is a new list.
public final class Workflow {

  static final String INTENT_DETERMINED = "intent_determined";
  static final String INTENT_TITLE = "Understand the question";
  static final String FINAL_ANSWER = "final_answer";
  public static final String CANCELLED = "cancelled";
  public static final String QUEUED = "queued";
  public static final String TOOL_RETRY = "tool_retry";
  public static final String TOOL_ERROR = "tool_error";
  public static final String EVENTS_LOST = "events_lost";

  /// One tool call of a run.
  ///
  /// @param name what the step is called where its calls are named
  /// @param title what the step is about, in a few words
  /// @param started the step that says that it began, in the words of `doing`
  /// @param done the step that says that it is over, in the words of `did`
  public record Stage(
      Tool tool,
      String name,
      String title,
      String started,
      String doing,
      String done,
      String did) {}

  private static final Stage GENERATE =
      new Stage(
          Tool.GENERATE_EXAM,
          "generate_exam",
          "Write the questions",
          "start_generate_exam",
          "Writing the questions",
          "generate_done",
          "The questions are written");

  private static final Stage GRADE =
      new Stage(
          Tool.GRADE_EXAM,
          "grading",
          "Grade the answers",
          "start_grading",
          "Grading the answers",
          "grading_done",
          "The answers are graded");

  private static final Map<Intent, List<Stage>> STAGES =
      Map.of(
          Intent.CREATE_QUIZ, List.of(retrieval(Tool.RAG_SEARCH), GENERATE),
          Intent.EVALUATE, List.of(GRADE),
          Intent.ANSWER, List.of(retrieval(Tool.RAG_ANSWER)));

  private final Planner planner;
  private final int topK;
  private final int numQuestions;

  /// @param topK how many chunks a search asks for
  /// @param numQuestions how many questions a quiz has when nobody says
  public Workflow(Planner planner, int topK, int numQuestions) {
    this.planner = planner;
    this.topK = topK;
    this.numQuestions = numQuestions;
  }

  Plan plan(RunSpec spec) {
    return spec.submission() == null
        ? planner.plan(spec.question())
        : new Plan(Intent.EVALUATE, spec.question(), null);
  }

  public static List<Stage> stages(Intent intent) {
    return STAGES.getOrDefault(intent, List.of());
  }

  /// Every step that a run of `intent` shows when nothing goes wrong.
  public static List<String> steps(Intent intent) {
    List<String> steps = new ArrayList<>(List.of(INTENT_DETERMINED));
    for (Stage stage : stages(intent)) {
      steps.add(stage.started());
      steps.add(stage.done());
    }
    steps.add(FINAL_ANSWER);
    return steps;
  }

  /// Whether a step ends its run.
  public static boolean isTerminal(String step) {
    return step.equals(FINAL_ANSWER) || step.equals(CANCELLED);
  }

  /// What the tool of a run's present stage is sent; null when the run lacks what it needs.
  public @Nullable ObjectNode input(Run run) {
    RunSpec spec = run.spec();
    return switch (run.stage().tool()) {
      case RAG_SEARCH, RAG_ANSWER -> Json.object().put("query", spec.question()).put("top_k", topK);
      case GENERATE_EXAM -> generate(run);
      case GRADE_EXAM -> spec.submission() == null ? null : grade(spec.submission());
    };
  }

  private ObjectNode generate(Run run) {
    Plan plan = run.plannedOrThrow();
    Integer asked =
        run.spec().numQuestions() != null ? run.spec().numQuestions() : plan.numQuestions();
    ObjectNode input =
        Json.object()
            .put("topic", plan.topic())
            .put("num_questions", asked != null ? asked : numQuestions);
    JsonNode found = run.output();
    return input.set("chunks", found == null ? input.arrayNode() : found.path("chunks"));
  }

  private static ObjectNode grade(Submission submission) {
    ObjectNode input = Json.object().put("exam_id", submission.examId());
    ObjectNode answers = input.putObject("answers");
    submission.answers().forEach(answers::put);
    return input;
  }

  private static Stage retrieval(Tool tool) {
    return new Stage(
        tool,
        "retrieval",
        "Search the course notes",
        "start_retrieval",
        "Searching the course notes",
        "retrieval_done",
        "The course notes are searched");
  }
}
