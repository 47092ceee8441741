package dev.agentrooms.tools.notes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.protocol.InvalidField;
import dev.agentrooms.tools.CallObserver;
import dev.agentrooms.tools.Hidden;
import dev.agentrooms.tools.ToolCall;
import dev.agentrooms.tools.ToolResult;
import dev.agentrooms.tools.Toolbox;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The built-in tools, working in this process over a folder of notes. Every other tool, and those
/// of them that have a service of their own, go to the next toolbox.
///
/// Each call has a virtual thread. A cancelled one is not interrupted, because that could close the
/// index under other calls; it looks for a cancel itself, and takes milliseconds anyway.
public final class NotesTools implements Toolbox {

  public static final String SEARCH = "rag_search";
  public static final String ANSWER = "rag_answer";
  public static final String GENERATE = "generate_exam";
  public static final String GRADE = "grade_exam";

  private static final Logger LOG = LoggerFactory.getLogger(NotesTools.class);

  private final Notes notes;
  private final Set<String> here;
  private final Toolbox next;
  private final ExtractiveAnswer answers;
  private final QuizMaker quizzes;

  /// @param here names of the tools that work in this process
  public NotesTools(Notes notes, Set<String> here, Toolbox next, InstantSource clock) {
    this.notes = notes;
    this.here = Set.copyOf(here);
    this.next = next;
    this.answers = new ExtractiveAnswer(notes.index());
    this.quizzes = new QuizMaker(notes.index(), clock, new SecureRandom());
  }

  @Override
  public Attempt call(ToolCall call, CallObserver observer) {
    if (!here.contains(call.tool().name())) {
      return next.call(call, observer);
    }
    CompletableFuture<ToolResult> ended = new CompletableFuture<>();
    CompletableFuture<Boolean> cancelled = new CompletableFuture<>();
    Thread.ofVirtual().name(call.name()).start(() -> ended.complete(result(call, cancelled)));
    return new Attempt() {
      @Override
      public CompletionStage<ToolResult> ended() {
        return ended;
      }

      @Override
      public void cancel() {
        cancelled.complete(true);
      }
    };
  }

  private ToolResult result(ToolCall call, CompletableFuture<Boolean> cancelled) {
    try {
      call.tool().check(call.arguments());
      CompletableFuture.anyOf(notes.ready(), cancelled).join();
      ToolResult result = result(call, cancelled::isDone);
      return cancelled.isDone() ? new ToolResult.Stopped() : result;
    } catch (InvalidField e) {
      return new ToolResult.Failed(ToolResult.Reason.INVALID_ARGUMENTS, null, e.detail());
    } catch (RuntimeException | StackOverflowError e) {
      LOG.error("{} of the notes failed", call.tool().name(), e);
      return new ToolResult.Failed(
          ToolResult.Reason.INVALID_ANSWER, null, "The notes cannot be read.");
    }
  }

  private ToolResult result(ToolCall call, BooleanSupplier isCancelled) {
    JsonNode arguments = call.arguments();
    return switch (call.tool().name()) {
      case SEARCH -> search(arguments);
      case ANSWER ->
          new ToolResult.Succeeded(
              answers.of(arguments.path("query").asText(), arguments.path("top_k").asInt()));
      case GENERATE -> generate(arguments, isCancelled);
      case GRADE -> grade(arguments, call.hidden());
      default -> throw new IllegalStateException(call.tool().name() + " is no tool of the notes");
    };
  }

  private ToolResult search(JsonNode arguments) {
    var found = dev.agentrooms.protocol.Json.object();
    var chunks = found.putArray("chunks");
    notes
        .search(arguments.path("query").asText(), arguments.path("top_k").asInt())
        .forEach(hit -> chunks.add(hit.chunk().json(hit.score())));
    return new ToolResult.Succeeded(found);
  }

  private ToolResult generate(JsonNode arguments, BooleanSupplier isCancelled) {
    return quizzes
        .make(
            arguments.path("topic").asText(),
            arguments.path("num_questions").asInt(),
            arguments.path("chunks"),
            isCancelled)
        .<ToolResult>map(
            quiz ->
                new ToolResult.Succeeded(
                    quiz.exam(), Hidden.of(Grading.keyOf(quiz.examId()), quiz.key())))
        .orElseGet(
            () ->
                new ToolResult.Failed(
                    ToolResult.Reason.NOT_ENOUGH_NOTES,
                    null,
                    "The notes do not say enough about that for one good question."));
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
