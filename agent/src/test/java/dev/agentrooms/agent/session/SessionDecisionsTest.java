package dev.agentrooms.agent.session;

import static dev.agentrooms.agent.Given.ASK;
import static dev.agentrooms.agent.Given.start;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.agent.Given;
import dev.agentrooms.agent.Story;
import dev.agentrooms.agent.session.SessionCommand.Turn;
import dev.agentrooms.agent.session.Step.AttemptId;
import dev.agentrooms.protocol.OnBusy;
import dev.agentrooms.protocol.RunStatus;
import dev.agentrooms.tools.Progress;
import dev.agentrooms.tools.Tool;
import dev.agentrooms.tools.ToolResult;
import dev.agentrooms.tools.Tools;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Every phase of a session × every command.
@Tag("unit")
class SessionDecisionsTest {

  /// `r-0` has ended, `r-1` is the run under test, `r-9` a new one.
  private static final String TABLE =
      """
      command         | absent                 | idle                   | waiting                   | calling                | back-off                         | cancelling      | deleted
      start now       | accepted started step | accepted started step | accepted queued           | accepted queued        | accepted queued                  | accepted queued | accepted queued
      start later     | accepted queued        | accepted queued        | accepted queued           | accepted queued        | accepted queued                  | accepted queued | accepted queued
      interrupt       | accepted queued        | accepted queued        | cancelled accepted queued | cancel accepted queued | cancel cancelled accepted queued | accepted queued | accepted queued
      turn            | -                      | -                      | started step             | -                      | -                                | -               | -
      turn of another | -                      | -                      | -                         | -                      | -                                | -               | -
      success         | -                      | -                      | -                         | done succeeded         | -                                | cancelled       | cancelled
      refusal         | -                      | -                      | -                         | failed_once            | -                                | cancelled       | cancelled
      503             | -                      | -                      | -                         | failed_once            | -                                | cancelled       | cancelled
      500             | -                      | -                      | -                         | step_failed failed     | -                                | cancelled       | cancelled
      stopped         | -                      | -                      | -                         | step_failed failed     | -                                | cancelled       | cancelled
      progress        | -                      | -                      | -                         | progressed             | -                                | -               | -
      late progress   | -                      | -                      | -                         | -                      | -                                | -               | -
      late answer     | -                      | -                      | -                         | -                      | -                                | -               | -
      retry           | -                      | -                      | -                         | -                      | retried                          | -               | -
      late retry      | -                      | -                      | -                         | -                      | -                                | -               | -
      cancel          | -                      | -                      | cancelled                 | cancel                 | cancel cancelled                 | -               | -
      cancel r-1      | -                      | -                      | cancelled                 | cancel                 | cancel cancelled                 | -               | -
      cancel r-0      | -                      | -                      | -                         | -                      | -                                | -               | -
      cancel unknown  | -                      | -                      | -                         | -                      | -                                | -               | -
      abandon         | -                      | -                      | -                         | -                      | -                                | cancelled       | cancelled
      abandon another | -                      | -                      | -                         | -                      | -                                | -               | -
      cancel all      | -                      | -                      | cancelled                 | cancel                 | cancel cancelled                 | -               | -
      break           | -                      | -                      | failed                    | failed                 | failed                           | failed          | failed
      resume          | -                      | -                      | -                         | interrupted            | retried                          | cancelled       | cancelled
      delete          | -                      | deleted                | cancelled deleted         | cancel deleted         | cancel cancelled deleted         | deleted         | -
      """;

  static Stream<Arguments> cells() {
    List<List<String>> rows =
        TABLE
            .lines()
            .map(line -> Arrays.stream(line.split("\\|")).map(String::strip).toList())
            .toList();
    List<Arguments> cells = new ArrayList<>();
    for (List<String> row : rows.subList(1, rows.size())) {
      for (int column = 1; column < row.size(); column++) {
        cells.add(Arguments.of(rows.getFirst().get(column), row.getFirst(), row.get(column)));
      }
    }
    return cells.stream();
  }

  @ParameterizedTest(name = "{0}: {1} → {2}")
  @MethodSource("cells")
  void aCommandInAPhaseHasItsEvents(String phase, String command, String expected) {
    Story story = in(phase);
    SessionState before = story.state();
    List<SessionEvent> events = story.tell(command(command, story));
    assertThat(words(events)).isEqualTo(expected);
    if (events.isEmpty()) {
      assertThat(story.state()).isEqualTo(before);
    }
  }

  private static Story in(String phase) {
    Story story = new Story();
    if (!phase.equals("absent")) {
      story.with(Given.spec("r-0", ASK)).toTheEnd();
    }
    switch (phase) {
      case "absent", "idle" -> {}
      case "waiting" -> story.tell(start("r-1", OnBusy.REJECT, Turn.LATER));
      case "calling" -> story.with(Given.spec("r-1", ASK));
      case "back-off" -> story.with(Given.spec("r-1", ASK)).toolAnswers(Given.refused());
      case "cancelling" -> {
        story.with(Given.spec("r-1", ASK));
        story.tell(new SessionCommand.Cancel("r-1", "requested"));
      }
      case "deleted" -> {
        story.with(Given.spec("r-1", ASK));
        story.tell(new SessionCommand.Delete("session_deleted"));
      }
      default -> throw new AssertionError(phase);
    }
    return story;
  }

  private static SessionCommand command(String word, Story story) {
    AttemptId call = story.attempt();
    AttemptId late = new AttemptId(call.callId(), call.attempt() + 1);
    return switch (word) {
      case "start now" -> start("r-9", OnBusy.REJECT, Turn.NOW);
      case "start later" -> start("r-9", OnBusy.ENQUEUE, Turn.LATER);
      case "interrupt" -> start("r-9", OnBusy.INTERRUPT, Turn.LATER);
      case "turn" -> new SessionCommand.TakeTurn("r-1");
      case "turn of another" -> new SessionCommand.TakeTurn("r-0");
      case "success" -> new SessionCommand.EndAttempt(call, Given.success("rag_answer"));
      case "refusal" -> new SessionCommand.EndAttempt(call, Given.refused());
      case "503" -> new SessionCommand.EndAttempt(call, Given.status(503));
      case "500" -> new SessionCommand.EndAttempt(call, Given.status(500));
      case "stopped" -> new SessionCommand.EndAttempt(call, new ToolResult.Stopped());
      case "progress" -> new SessionCommand.Tell(call, Progress.of("Half of it"));
      case "late progress" -> new SessionCommand.Tell(late, Progress.of("Half of it"));
      case "late answer" -> new SessionCommand.EndAttempt(late, Given.success("rag_answer"));
      case "retry" -> new SessionCommand.Retry(call);
      case "late retry" -> new SessionCommand.Retry(late);
      case "cancel" -> new SessionCommand.Cancel(null, "requested");
      case "cancel r-1" -> new SessionCommand.Cancel("r-1", "requested");
      case "cancel r-0" -> new SessionCommand.Cancel("r-0", "requested");
      case "cancel unknown" -> new SessionCommand.Cancel("r-8", "requested");
      case "abandon" -> new SessionCommand.Abandon("r-1");
      case "abandon another" -> new SessionCommand.Abandon("r-0");
      case "cancel all" -> new SessionCommand.CancelAll("shutdown");
      case "break" -> new SessionCommand.Break("r-1", "internal error");
      case "resume" -> new SessionCommand.Resume();
      case "open" -> new SessionCommand.Open(null);
      case "delete" -> new SessionCommand.Delete("session_deleted");
      default -> throw new AssertionError(word);
    };
  }

  static String words(List<SessionEvent> events) {
    return events.isEmpty()
        ? "-"
        : events.stream().map(SessionDecisionsTest::word).collect(Collectors.joining(" "));
  }

  private static String word(SessionEvent event) {
    return switch (event) {
      case SessionEvent.RunAccepted e -> "accepted";
      case SessionEvent.RunQueued e -> "queued";
      case SessionEvent.RunStarted e -> "started";
      case SessionEvent.StepStarted e -> "step";
      case SessionEvent.StepInterrupted e -> "interrupted";
      case SessionEvent.AttemptFailed e -> "failed_once";
      case SessionEvent.AttemptStarted e -> "retried";
      case SessionEvent.StepProgressed e -> "progressed";
      case SessionEvent.InputRequired e -> "asked";
      case SessionEvent.InputReceived e -> "answered";
      case SessionEvent.StepDone e -> "done";
      case SessionEvent.StepFailed e -> "step_failed";
      case SessionEvent.StepSkipped e -> "skipped";
      case SessionEvent.StepStopped e -> "step_stopped";
      case SessionEvent.RunSucceeded e -> "succeeded";
      case SessionEvent.RunFailed e -> "failed";
      case SessionEvent.CancelRequested e -> "cancel";
      case SessionEvent.RunCancelled e -> "cancelled";
      case SessionEvent.KeysAdded e -> "keys";
      case SessionEvent.SessionOpened e -> "opened";
      case SessionEvent.SessionNamed e -> "named";
      case SessionEvent.SessionDeleted e -> "deleted";
    };
  }

  @Test
  void aSessionIsOpenedOnceAndThenTakesRuns() {
    Story story = new Story();
    assertThat(SessionDecisions.answer(story.state(), new SessionCommand.Open(null), Given.T0))
        .isEqualTo(new SessionReply.Opened(true));
    assertThat(words(story.tell(new SessionCommand.Open(null)))).isEqualTo("opened");
    assertThat(SessionDecisions.answer(story.state(), new SessionCommand.Open(null), Given.T0))
        .isEqualTo(new SessionReply.Opened(false));
    assertThat(words(story.tell(new SessionCommand.Open(null)))).isEqualTo("-");
    assertThat(story.with(Given.spec("r-1", ASK)).toTheEnd().state().ended()).hasSize(1);
    assertThat(words(story.tell(new SessionCommand.Delete("session_deleted"))))
        .isEqualTo("deleted");
    assertThat(story.state().exists()).isFalse();
  }

  @Test
  void aToolIsTriedTwiceAndNotMore() {
    Story story = new Story().with(Given.spec("r-1", ASK));
    assertThat(words(story.toolAnswers(Given.refused()))).isEqualTo("failed_once");
    story.tell(new SessionCommand.Retry(story.attempt()));
    assertThat(words(story.toolAnswers(Given.refused()))).isEqualTo("step_failed failed");
  }

  @Test
  void aCallInWhichTheServerDiesFiveTimesIsNotTriedASixth() {
    Story story = new Story().with(Given.spec("r-1", ASK));
    for (int i = 1; i < 5; i++) {
      assertThat(words(story.tell(new SessionCommand.Resume()))).isEqualTo("interrupted");
      assertThat(story.last().step()).isEqualTo("tool_retry");
      assertThat(Objects.requireNonNull(story.last().meta()).path("reason").asText())
          .isEqualTo("server_restarted");
    }
    assertThat(words(story.tell(new SessionCommand.Resume()))).isEqualTo("step_failed failed");
    assertThat(Objects.requireNonNull(story.last().meta()).path("reason").asText())
        .isEqualTo("interrupted");
  }

  @Test
  void aCallThatMayNotBeMadeTwiceIsNotMadeAgainAfterACrash() {
    Tools once =
        Tools.of(
            Given.tools().all().stream()
                .map(
                    tool ->
                        new Tool(
                            tool.name(),
                            tool.title(),
                            null,
                            null,
                            null,
                            tool.answer(),
                            tool.timeout(),
                            tool.retry(),
                            false,
                            false,
                            List.of(),
                            true,
                            false))
                .toList());
    Story story = new Story(Given.agent(), once).with(Given.spec("r-1", ASK));
    assertThat(words(story.tell(new SessionCommand.Resume()))).isEqualTo("failed");
    assertThat(Objects.requireNonNull(story.last().meta()).path("reason").asText())
        .isEqualTo("unknown_outcome");
  }

  @Test
  void aCallThatWasInterruptedStillHasItsAttempts() {
    Story story = new Story().with(Given.spec("r-1", ASK));
    story.tell(new SessionCommand.Resume());
    assertThat(words(story.toolAnswers(Given.refused()))).isEqualTo("failed_once");
  }

  @Test
  void eachStepHasItsOwnAttempts() {
    Story story = new Story().with(Given.spec("r-1", Given.QUIZ));
    for (String tool : new String[] {"rag_search", "generate_exam"}) {
      assertThat(words(story.toolAnswers(Given.status(429)))).isEqualTo("failed_once");
      story.tell(new SessionCommand.Retry(story.attempt()));
      story.toolAnswers(Given.success(tool));
    }
    assertThat(story.state().lastEnded()).map(Run::status).contains(RunStatus.SUCCEEDED);
  }

  @Test
  void theAnswerOfOneStepIsTheInputOfTheNext() {
    Story story = new Story().with(Given.spec("r-1", Given.QUIZ));
    List<SessionEvent> events = story.toolAnswers(Given.success("rag_search"));
    assertThat(words(events)).isEqualTo("done step");
    var input = ((SessionEvent.StepStarted) events.getLast()).call().arguments();
    assertThat(String.valueOf(input))
        .isEqualTo(
            "{\"topic\":\"photosynthesis\",\"num_questions\":5,\"chunks\":"
                + Given.answer("rag_search").get("chunks")
                + "}");
  }

  @Test
  void gradingWithoutASubmissionFailsWithoutACall() {
    Story story = new Story().with(Given.spec("r-1", "Grade my answers"));
    assertThat(story.steps())
        .containsExactly("intent_determined", "start_grading", "tool_error", "final_answer");
    assertThat(story.state().runs()).isEmpty();
    assertThat(Objects.requireNonNull(story.progress().get(2).meta()).path("reason").asText())
        .isEqualTo("nothing_to_grade");
  }

  @Test
  void anInterruptCancelsThoseThatWaitBeforeTheOneInFlight() {
    Story story = new Story().with(Given.spec("r-1", ASK));
    story.tell(start("r-2", OnBusy.ENQUEUE, Turn.LATER));
    story.tell(start("r-3", OnBusy.ENQUEUE, Turn.LATER));
    List<SessionEvent> events = story.tell(start("r-9", OnBusy.INTERRUPT, Turn.LATER));
    assertThat(words(events)).isEqualTo("cancelled cancelled cancel accepted queued");
    assertThat(story.state().runs().stream().map(Run::runId)).containsExactly("r-1", "r-9");
    assertThat(story.tell(new SessionCommand.TakeTurn("r-9"))).isEmpty();
    story.toolAnswers(new ToolResult.Stopped());
    assertThat(words(story.tell(new SessionCommand.TakeTurn("r-9")))).isEqualTo("started step");
  }

  @Test
  void aRunThatWaitsDoesNotStartBeforeItsTurn() {
    Story story = new Story().with(Given.spec("r-1", ASK));
    story.tell(start("r-2", OnBusy.ENQUEUE, Turn.LATER));
    story.tell(start("r-3", OnBusy.ENQUEUE, Turn.LATER));
    assertThat(story.tell(new SessionCommand.TakeTurn("r-3"))).isEmpty();
    assertThat(story.tell(new SessionCommand.TakeTurn("r-2"))).isEmpty();
    story.toTheEnd();
    assertThat(story.tell(new SessionCommand.TakeTurn("r-3"))).isEmpty();
    assertThat(story.tell(new SessionCommand.TakeTurn("r-2"))).isNotEmpty();
  }

  @Test
  void onlyTheLatestEndedRunsAreKept() {
    SessionState state = SessionState.ABSENT;
    for (int i = 0; i < 5; i++) {
      String id = "r-" + i;
      state = state.evolve(new SessionEvent.RunAccepted(Given.spec(id, ASK), List.of()), 3);
      state = state.evolve(new SessionEvent.RunCancelled(id, "requested", null, Given.T0), 3);
    }
    assertThat(state.ended().stream().map(Run::runId)).containsExactly("r-2", "r-3", "r-4");
    assertThat(state.run("r-1")).isEmpty();
    assertThat(state.runs()).isEmpty();
  }

  @Test
  void whatIsLeftOfADeletedSessionDoesNotShowInItsNextLife() {
    Story story = new Story().with(Given.spec("r-1", ASK));
    story.tell(new SessionCommand.Delete("session_deleted"));
    story.tell(start("r-2", OnBusy.REJECT, Turn.LATER));
    assertThat(story.state().exists()).isTrue();
    story.toolAnswers(new ToolResult.Stopped());
    assertThat(story.last().step()).isEqualTo("cancelled");
    assertThat(story.state().run("r-1")).isEmpty();
    assertThat(story.state().ended()).isEmpty();
  }
}
