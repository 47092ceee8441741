package dev.agentrooms.tools.notes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.InvalidField;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.tools.CallObserver;
import dev.agentrooms.tools.Hidden;
import dev.agentrooms.tools.Tool;
import dev.agentrooms.tools.ToolCall;
import dev.agentrooms.tools.ToolResult;
import dev.agentrooms.tools.Toolbox;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The built-in tools, working in this process over a folder of notes. Every other tool, and those
/// of them that have a service of their own, go to the next toolbox.
///
/// With a model, answers and quizzes are written by it, from what the notes say about the question,
/// and judged by the notes.
public final class NotesTools implements Toolbox {

  public static final String SEARCH = "rag_search";
  public static final String ANSWER = "rag_answer";
  public static final String GENERATE = "generate_exam";
  public static final String GRADE = "grade_exam";

  /// Those that ask a model when there is one.
  public static final Set<String> ASKING = Set.of(ANSWER, GENERATE);

  private static final Logger LOG = LoggerFactory.getLogger(NotesTools.class);

  private final Notes notes;
  private final Set<String> here;
  private final Toolbox next;
  private final ExtractiveAnswer answers;
  private final QuizMaker quizzes;
  private final @Nullable Tool model;

  /// @param here names of the tools that work in this process
  /// @param model the model as a tool of `next`; null without one
  public NotesTools(
      Notes notes, Set<String> here, Toolbox next, @Nullable Tool model, InstantSource clock) {
    this.model = model;
    this.notes = notes;
    this.here = Set.copyOf(here);
    this.next = next;
    this.answers = new ExtractiveAnswer(notes.index());
    this.quizzes = new QuizMaker(notes.index(), clock, new SecureRandom());
  }

  @Override
  public Attempt call(ToolCall call, CallObserver observer) {
    return here.contains(call.tool().name())
        ? new NotesCall(call, observer, next).begin(this::result)
        : next.call(call, observer);
  }

  private ToolResult result(NotesCall underWay) {
    ToolCall call = underWay.call();
    try {
      call.tool().check(call.arguments());
      CompletableFuture.anyOf(notes.ready(), underWay.cancelled()).join();
      ToolResult result =
          underWay.isCancelled() ? new ToolResult.Stopped() : result(underWay, call);
      return underWay.isCancelled() ? new ToolResult.Stopped() : result;
    } catch (InvalidField e) {
      return new ToolResult.Failed(ToolResult.Reason.INVALID_ARGUMENTS, null, e.detail());
    } catch (RuntimeException | StackOverflowError e) {
      LOG.error("{} of the notes failed", call.tool().name(), e);
      return new ToolResult.Failed(
          ToolResult.Reason.INVALID_ANSWER, null, "The notes cannot be read.");
    }
  }

  private ToolResult result(NotesCall underWay, ToolCall call) {
    JsonNode arguments = call.arguments();
    return switch (call.tool().name()) {
      case SEARCH -> search(arguments);
      case ANSWER -> answer(underWay, arguments);
      case GENERATE -> generate(underWay, arguments);
      case GRADE -> grade(arguments, call.hidden());
      default -> throw new IllegalStateException(call.tool().name() + " is no tool of the notes");
    };
  }

  private ToolResult search(JsonNode arguments) {
    ObjectNode found = Json.object();
    ArrayNode chunks = found.putArray("chunks");
    notes
        .search(arguments.path("query").asText(), arguments.path("top_k").asInt())
        .forEach(hit -> chunks.add(hit.chunk().json(hit.score())));
    return new ToolResult.Succeeded(found);
  }

  private ToolResult answer(NotesCall underWay, JsonNode arguments) {
    String question = arguments.path("query").asText();
    List<NotesIndex.Hit> hits = notes.search(question, arguments.path("top_k").asInt());
    return model == null || hits.isEmpty()
        ? new ToolResult.Succeeded(answers.of(question, hits))
        : new WrittenAnswer(model).of(underWay, question, hits);
  }

  private ToolResult generate(NotesCall underWay, JsonNode arguments) {
    QuizDraft draft =
        quizzes.begin(
            arguments.path("topic").asText(),
            arguments.path("num_questions").asInt(),
            arguments.path("chunks"));
    ObjectNode meta = Json.object();
    if (model != null) {
      ToolResult written = new WrittenQuiz(model).write(underWay, draft);
      if (!(written instanceof ToolResult.Succeeded done)) {
        return written;
      }
      meta = done.meta();
    }
    draft.fill(underWay::isCancelled);
    QuizDraft.Quiz quiz = draft.quiz().orElse(null);
    return quiz == null
        ? new ToolResult.Failed(
            ToolResult.Reason.NOT_ENOUGH_NOTES,
            null,
            "The notes do not say enough about that for one good question.")
        : new ToolResult.Succeeded(
            quiz.exam(), meta, Hidden.of(Grading.keyOf(quiz.examId()), quiz.key()));
  }

  private static ToolResult grade(JsonNode arguments, Hidden hidden) {
    String examId = arguments.path("exam_id").asText();
    return hidden
        .get(Grading.keyOf(examId))
        .<ToolResult>map(
            key -> new ToolResult.Succeeded(Grading.grade(examId, key, arguments.path("answers"))))
        .orElseGet(
            () ->
                new ToolResult.Failed(
                    ToolResult.Reason.UNKNOWN_EXAM,
                    null,
                    "There is no such exam in this session, or not any more."));
  }
}
