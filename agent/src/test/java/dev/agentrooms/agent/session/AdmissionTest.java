package dev.agentrooms.agent.session;

import static dev.agentrooms.agent.Given.ASK;
import static dev.agentrooms.agent.Given.start;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.agent.Given;
import dev.agentrooms.agent.Story;
import dev.agentrooms.agent.session.SessionCommand.Key;
import dev.agentrooms.agent.session.SessionCommand.Turn;
import dev.agentrooms.protocol.OnBusy;
import dev.agentrooms.tools.ToolResult;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Admission of a run: state of the session × `on_busy` × key.
@Tag("unit")
class AdmissionTest {

  private final Story story = new Story();

  @ParameterizedTest
  @EnumSource
  void aFreeSessionTakesAnyRun(OnBusy onBusy) {
    assertThat(admit(onBusy, null)).isEqualTo(new Admission.Free());
    story.with(Given.spec("r-1", ASK)).toTheEnd();
    assertThat(admit(onBusy, null)).isEqualTo(new Admission.Free());
  }

  @ParameterizedTest
  @EnumSource
  void aBusyOneDoesWhatTheRunSays(OnBusy onBusy) {
    Admission expected =
        switch (onBusy) {
          case REJECT -> new Admission.Refused(new SessionReply.Busy("r-1", false));
          case ENQUEUE -> new Admission.Behind();
          case INTERRUPT -> new Admission.Instead("r-1");
        };
    story.tell(start("r-1", OnBusy.REJECT, Turn.LATER));
    assertThat(admit(onBusy, null)).as("waiting").isEqualTo(expected);
    story.tell(new SessionCommand.TakeTurn("r-1"));
    assertThat(admit(onBusy, null)).as("calling").isEqualTo(expected);
    story.toolAnswers(Given.refused());
    assertThat(admit(onBusy, null)).as("back-off").isEqualTo(expected);
    story.tell(new SessionCommand.Retry(story.attempt()));
    story.tell(new SessionCommand.Cancel(null, "requested"));
    assertThat(admit(onBusy, null)).as("cancelling").isEqualTo(expected);
  }

  @ParameterizedTest
  @EnumSource
  void whatIsLeftOfADeletedSessionIsOnlyWaitedFor(OnBusy onBusy) {
    story.with(Given.spec("r-1", ASK));
    story.tell(new SessionCommand.Delete("session_deleted"));
    assertThat(admit(onBusy, null)).isEqualTo(new Admission.Behind());
  }

  @ParameterizedTest
  @EnumSource
  void aKeyThatWasUsedForTheSameBodyIsItsRunWhateverTheSessionDoes(OnBusy onBusy) {
    used("k1", "b1", "r-1", Turn.NOW);
    assertThat(admit(onBusy, new Key("k1", "b1")))
        .isEqualTo(new Admission.Known("r-1", "accepted", List.of()));
    story.toTheEnd();
    assertThat(admit(onBusy, new Key("k1", "b1")))
        .isEqualTo(new Admission.Known("r-1", "accepted", List.of()));
    assertThat(admit(onBusy, new Key("k1", "b2")))
        .isEqualTo(new Admission.Refused(new SessionReply.KeyReused()));
    assertThat(admit(onBusy, new Key("k2", "b1"))).isEqualTo(new Admission.Free());
  }

  @Test
  void itIsAnsweredAsItWasTheFirstTime() {
    used("k1", "b1", "r-1", Turn.LATER);
    story.tell(new SessionCommand.TakeTurn("r-1"));
    assertThat(admit(OnBusy.REJECT, new Key("k1", "b1")))
        .isEqualTo(new Admission.Known("r-1", "queued", List.of()));
  }

  @Test
  void aKeyOutlivesItsRun() {
    used("k1", "b1", "r-1", Turn.NOW);
    story.toTheEnd();
    SessionState state = story.state();
    for (int i = 0; i < 60; i++) {
      state = state.evolve(new SessionEvent.RunAccepted(Given.spec("x-" + i, ASK), List.of()), 50);
      state =
          state.evolve(new SessionEvent.RunCancelled("x-" + i, "requested", null, Given.T0), 50);
    }
    assertThat(state.run("r-1")).isEmpty();
    assertThat(
            Admission.of(
                state,
                new SessionCommand.Start(
                    Given.spec("r-9", ASK),
                    OnBusy.REJECT,
                    List.of(new Key("k1", "b1")),
                    Turn.LATER),
                3))
        .isEqualTo(new Admission.Known("r-1", "accepted", List.of()));
  }

  @Test
  void keysAreNotForgottenToMakeRoomForOthers() {
    for (int i = 1; i <= 3; i++) {
      used("k" + i, "b", "r-" + i, Turn.NOW);
      story.toTheEnd();
    }
    assertThat(admit(OnBusy.REJECT, new Key("k4", "b")))
        .isEqualTo(new Admission.Refused(new SessionReply.TooManyKeys()));
    assertThat(admit(OnBusy.REJECT, null)).isEqualTo(new Admission.Free());
    assertThat(admit(OnBusy.REJECT, new Key("k1", "b")))
        .isEqualTo(new Admission.Known("r-1", "accepted", List.of()));
  }

  @Test
  void aDeletedSessionForgetsItsKeys() {
    used("k1", "b1", "r-1", Turn.NOW);
    story.tell(new SessionCommand.Delete("session_deleted"));
    story.toolAnswers(new ToolResult.Stopped());
    assertThat(admit(OnBusy.REJECT, new Key("k1", "b2"))).isEqualTo(new Admission.Free());
  }

  private void used(String key, String body, String runId, Turn turn) {
    story.tell(
        new SessionCommand.Start(
            Given.spec(runId, ASK), OnBusy.REJECT, List.of(new Key(key, body)), turn));
  }

  private Admission admit(OnBusy onBusy, @org.jspecify.annotations.Nullable Key key) {
    return Admission.of(
        story.state(),
        new SessionCommand.Start(
            Given.spec("r-9", ASK), onBusy, key == null ? List.of() : List.of(key), Turn.LATER),
        3);
  }
}
