package dev.agentrooms.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Every wire type against its golden file, encoded and decoded.
@Tag("unit")
class GoldenTest {

  private static final Instant T0 = Instant.parse("2026-11-22T10:00:00Z");

  private static final RunView QUEUED =
      new RunView(
          "r-8",
          "quiz1",
          "Why?",
          RunStatus.QUEUED,
          null,
          T0,
          null,
          null,
          null,
          null,
          null,
          null,
          List.of());

  private static final ProgressEvent LEAST =
      new ProgressEvent("e1", T0, "quiz1", null, "thinking", null, Level.WARNING, null, null);

  static Stream<Arguments> written() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("progress_event", progress());
    values.put("progress_event_least", LEAST);
    values.put("progress_ack", new ProgressAck("quiz1", 18L, "k3f9", false));
    values.put("run_accepted", new RunAccepted("quiz1", "r-7f", "accepted"));
    values.put("cancel_answer", new CancelAnswer("quiz1", "r-7f", RunStatus.CANCELLING));
    values.put("run_view", succeeded());
    values.put("run_view_queued", QUEUED);
    values.put(
        "session_view",
        new SessionView(
            "quiz1",
            SessionView.Status.RUNNING,
            T0,
            T0.plusSeconds(1),
            QUEUED,
            null,
            1,
            "Why?",
            null,
            List.of(LEAST)));
    values.put(
        "session_view_idle",
        new SessionView(
            "quiz1",
            SessionView.Status.IDLE,
            T0,
            T0.plusSeconds(1),
            null,
            QUEUED,
            0,
            null,
            null,
            List.of()));
    values.put(
        "session_page",
        new SessionPage(
            List.of(
                new SessionPage.Entry(
                    "quiz1",
                    SessionView.Status.CANCELLING,
                    T0,
                    T0.plusSeconds(1),
                    new SessionPage.RunSummary("r-7f", "Why?", RunStatus.CANCELLING),
                    new SessionPage.RunSummary("r-6", "What?", RunStatus.FAILED),
                    2,
                    "What?")),
            "1795341601000~quiz1"));
    values.put(
        "session_page_last",
        new SessionPage(
            List.of(
                new SessionPage.Entry(
                    "quiz1", SessionView.Status.IDLE, T0, T0.plusSeconds(1), null, null, 0, null)),
            null));
    values.put(
        "problem",
        Problem.of(409, "Session is busy", "Run r-7f has not ended.")
            .with("session_id", "quiz1")
            .with("field", "on_busy"));
    values.put("run_events", new RunEvents(List.of(new RunEvents.Numbered(3, LEAST)), 3));
    values.put(
        "conversation",
        new Conversation(
            List.of(
                new Conversation.Message(
                    "m-r-7f-q", Conversation.Role.USER, "Why?", null, "r-7f", T0, null),
                new Conversation.Message(
                    "m-r-7f-a",
                    Conversation.Role.ASSISTANT,
                    null,
                    70_000,
                    "r-7f",
                    T0.plusSeconds(1),
                    RunStatus.SUCCEEDED)),
            "3"));
    values.put("subscribed", new ServerMessage.Subscribed("quiz1", "k3f9", 17, null, null));
    values.put(
        "subscribed_recovered", new ServerMessage.Subscribed("quiz1", "k3f9", 18, true, null));
    values.put(
        "subscribed_not_recovered",
        new ServerMessage.Subscribed("quiz1", "k3f9", 300, false, 101L));
    values.put("unsubscribed", new ServerMessage.Unsubscribed("quiz1"));
    values.put("pong", new ServerMessage.Pong());
    values.put("delta", new ServerMessage.Written("quiz1", "r-7f", "draft", 7, "eat light"));
    values.put(
        "error", new ServerMessage.Error("invalid_field", "cmd is required", "cmd", "quiz1"));
    values.put(
        "error_least",
        new ServerMessage.Error("malformed_json", "There is no JSON in it.", null, null));
    return values.entrySet().stream().map(e -> Arguments.of(e.getKey(), e.getValue()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("written")
  void isWrittenAsItsFileSays(String name, Object value) {
    byte[] json = Json.encode(value);
    assertThat(Json.parse(json)).isEqualTo(Json.parse(Golden.bytes(name)));
    // The order of the members and the writing of numbers too.
    assertThat(new String(json, StandardCharsets.UTF_8)).isEqualTo(Golden.compact(name));
  }

  static Stream<Arguments> read() {
    Map<String, Object> values = new LinkedHashMap<>();
    Map<String, String> answers = new LinkedHashMap<>();
    answers.put("q2", "b");
    answers.put("q1", "a");
    values.put(
        "run_request",
        new RunRequest(
            "quiz1",
            "Create a quiz about photosynthesis",
            OnBusy.INTERRUPT,
            5,
            new Submission("ex-1", answers),
            null,
            null,
            "r-7f",
            new RunMeta("r-6")));
    values.put("run_request_least", RunRequest.of(null, "Why?", OnBusy.REJECT));
    values.put("cancel_request", new CancelRequest("quiz1", "r-7f"));
    values.put("cancel_request_least", new CancelRequest("quiz1", null));
    values.put("progress_event", progress());
    values.put("progress_event_least", LEAST);
    values.put("subscribe", new ClientCommand.Subscribe("quiz1", 17L, "k3f9", null, true));
    values.put("subscribe_least", new ClientCommand.Subscribe("quiz1", null, null, null, true));
    values.put(
        "subscribe_without_deltas", new ClientCommand.Subscribe("quiz1", null, null, null, false));
    values.put("unsubscribe", new ClientCommand.Unsubscribe("quiz1"));
    values.put("ping", new ClientCommand.Ping());
    return values.entrySet().stream().map(e -> Arguments.of(e.getKey(), e.getValue()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("read")
  void isReadAsItsFileSays(String name, Object value) {
    byte[] json = Golden.bytes(name);
    Object read =
        switch (value) {
          case RunRequest run -> RunRequest.from(Json.parseObject(json));
          case CancelRequest cancel -> CancelRequest.from(Json.parseObject(json));
          case ProgressEvent event -> ProgressEvent.from(Json.parseObject(json));
          case ClientCommand command -> ClientCommand.parse(json);
          default -> throw new AssertionError("nothing reads " + value);
        };
    assertThat(read).isEqualTo(value);
  }

  @Test
  void answersKeepTheOrderInWhichTheyWereGiven() {
    Submission submission =
        RunRequest.from(Json.parseObject(Golden.bytes("run_request"))).submission();
    assertThat(submission)
        .extracting(s -> List.copyOf(s.answers().keySet()))
        .isEqualTo(List.of("q2", "q1"));
  }

  private static ProgressEvent progress() {
    return new ProgressEvent(
        "r-7f.3",
        T0.plusMillis(123),
        "quiz1",
        "r-7f",
        "start_retrieval",
        "rag_search",
        Level.INFO,
        "Searching the course notes",
        (ObjectNode)
            Json.parse(
                """
                {"top_k": 5, "weight": 1.50, "huge": 1E+999999999, "none": null, "text": "фото 🌱"}
                """
                    .getBytes(StandardCharsets.UTF_8)));
  }

  private static RunView succeeded() {
    Instant start = T0.plusMillis(1);
    Instant end = T0.plusMillis(2500);
    return new RunView(
        "r-7f",
        "quiz1",
        "Create a quiz about photosynthesis",
        RunStatus.SUCCEEDED,
        "create_quiz",
        T0,
        start,
        end,
        Json.object().put("exam_id", "ex-1"),
        null,
        new RunMeta("r-6"),
        null,
        List.of(
            new RunView.Timing("intent_determined", start, 2499L),
            new RunView.Timing("final_answer", end, null)));
  }
}
