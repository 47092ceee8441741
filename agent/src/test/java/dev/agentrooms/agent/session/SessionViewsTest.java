package dev.agentrooms.agent.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.agent.Given;
import dev.agentrooms.agent.Story;
import dev.agentrooms.agent.session.SessionCommand.Turn;
import dev.agentrooms.protocol.OnBusy;
import dev.agentrooms.protocol.RunStatus;
import dev.agentrooms.protocol.RunView;
import dev.agentrooms.protocol.SessionView;
import dev.agentrooms.tools.ToolResult;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class SessionViewsTest {

  private final Story story = new Story();

  @Test
  void aRunShowsItsStepsWithTheirTimes() {
    story.with(Given.spec("r-1", Given.ASK)).toTheEnd();
    RunView view = view("r-1");
    assertThat(view.status()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(view.intent()).isEqualTo("answer");
    assertThat(view.result()).isEqualTo(Given.answer("rag_answer"));
    assertThat(view.error()).isNull();
    assertThat(view.steps().stream().map(RunView.Timing::step).toList()).isEqualTo(story.steps());
    assertThat(view.steps().get(1).durationMs()).isEqualTo(1);
    assertThat(view.steps().getLast().durationMs()).isNull();
    assertThat(view.finishedAt()).isEqualTo(Given.T0.plusMillis(2));
  }

  @Test
  void aFailedOrCancelledRunShowsNoResultAndSaysWhy() {
    story.with(Given.spec("r-1", Given.QUIZ)).toolAnswers(Given.success("rag_search"));
    story.toolAnswers(Given.status(500));
    assertThat(view("r-1").status()).isEqualTo(RunStatus.FAILED);
    assertThat(view("r-1").result()).isNull();
    assertThat(view("r-1").error()).isEqualTo("generate_exam failed: The service answered 500.");
    story.with(Given.spec("r-2", Given.ASK));
    story.tell(new SessionCommand.Cancel(null, "requested"));
    story.toolAnswers(Given.success("rag_answer"));
    assertThat(view("r-2").status()).isEqualTo(RunStatus.CANCELLED);
    assertThat(view("r-2").result()).isNull();
    assertThat(view("r-2").error()).isEqualTo("cancelled: requested");
  }

  @Test
  void aSessionShowsWhatRunsWhatEndedAndHowManyWait() {
    story.with(Given.spec("r-1", Given.ASK)).toTheEnd();
    assertThat(session().status()).isEqualTo(SessionView.Status.IDLE);
    assertThat(session().run()).isNull();
    story.with(Given.spec("r-2", Given.ASK));
    story.tell(Given.start("r-3", OnBusy.ENQUEUE, Turn.LATER));
    SessionView busy = session();
    assertThat(busy.status()).isEqualTo(SessionView.Status.RUNNING);
    assertThat(busy.run()).isEqualTo(view("r-2"));
    assertThat(busy.lastRun()).isEqualTo(view("r-1"));
    assertThat(busy.queued()).isEqualTo(1);
    story.tell(new SessionCommand.Cancel("r-2", "requested"));
    assertThat(session().status()).isEqualTo(SessionView.Status.CANCELLING);
    assertThat(session().createdAt()).isEqualTo(Given.T0);
  }

  @Test
  void aCancelIsAnsweredByWhatBecameOfTheRun() {
    assertThat(cancel(null)).isEqualTo(new SessionReply.UnknownSession());
    story.with(Given.spec("r-1", Given.ASK));
    assertThat(cancel(null)).isEqualTo(new SessionReply.Cancelling("r-1"));
    assertThat(cancel("r-1")).isEqualTo(new SessionReply.Cancelling("r-1"));
    assertThat(cancel("r-7")).isEqualTo(new SessionReply.UnknownRun("r-7"));
    story.tell(new SessionCommand.Cancel("r-1", "requested"));
    assertThat(cancel(null)).isEqualTo(new SessionReply.Cancelling("r-1"));
    story.toolAnswers(new ToolResult.Stopped());
    assertThat(cancel(null)).isEqualTo(new SessionReply.Cancelled("r-1"));
    assertThat(cancel("r-1")).isEqualTo(new SessionReply.Cancelled("r-1"));
    story.with(Given.spec("r-2", Given.ASK)).toTheEnd();
    assertThat(cancel(null)).isInstanceOf(SessionReply.NothingToCancel.class);
    assertThat(cancel("r-2")).isInstanceOf(SessionReply.NothingToCancel.class);
    assertThat(cancel("r-1")).isEqualTo(new SessionReply.Cancelled("r-1"));
    story.with(Given.spec("r-3", Given.ASK)).toolAnswers(Given.status(500));
    assertThat(cancel(null)).isInstanceOf(SessionReply.NothingToCancel.class);
  }

  @Test
  void aLineOfTheListShowsTheBeginningOfTheQuestion() {
    story.with(Given.spec("r-1", "🌱".repeat(300)));
    var entry = SessionViews.entry(Given.SESSION, story.state());
    assertThat(Objects.requireNonNull(entry.run()).question()).isEqualTo("🌱".repeat(199) + "…");
  }

  @Test
  void aSessionIsCalledByItsFirstQuestionWhateverFollows() {
    assertThat(story.state().called().shown()).isEmpty();
    for (int i = 1; i <= 60; i++) {
      story.with(Given.spec("r-" + i, i == 1 ? "The first?" : "Another?")).toTheEnd();
    }
    assertThat(story.state().run("r-1")).as("kept for ever").isEmpty();
    assertThat(SessionViews.entry(Given.SESSION, story.state()).title()).isEqualTo("The first?");
    assertThat(session().title()).isEqualTo("The first?");
  }

  @Test
  void aCheckOfAnswersNamesNoSession() {
    story.with(Given.spec("r-1", "Check my answers", null, Given.SUBMISSION)).toTheEnd();
    assertThat(story.state().called().shown()).isEmpty();
    story.with(Given.spec("r-2", "Why?")).toTheEnd();
    assertThat(story.state().called().shown()).contains("Why?");
  }

  @Test
  void peopleNameASessionAndTakeTheNameBack() {
    assertThat(name("Volcanoes")).isEqualTo(new SessionReply.UnknownSession());
    story.with(Given.spec("r-1", "Why?"));
    Instant active = session().lastActiveAt();
    assertThat(name("Volcanoes")).isEqualTo(new SessionReply.Named("Volcanoes"));
    assertThat(story.tell(new SessionCommand.Name("Volcanoes"))).hasSize(1);
    assertThat(story.tell(new SessionCommand.Name("Volcanoes"))).isEmpty();
    assertThat(session().title()).isEqualTo("Volcanoes");
    assertThat(session().lastActiveAt()).isEqualTo(active);
    assertThat(SessionViews.searched("quiz1", story.state()))
        .contains("quiz1", "Volcanoes", "Why?");

    assertThat(name(null)).isEqualTo(new SessionReply.Named("Why?"));
    story.tell(new SessionCommand.Name(null));
    assertThat(session().title()).isEqualTo("Why?");
    story.tell(new SessionCommand.Delete("session_deleted"));
    assertThat(story.state().called()).isEqualTo(Title.NONE);
  }

  private SessionReply name(@org.jspecify.annotations.Nullable String title) {
    return SessionDecisions.answer(story.state(), new SessionCommand.Name(title), Instant.EPOCH);
  }

  @Test
  void whatIsNotThereIsUnknown() {
    assertThat(SessionViews.run(story.state(), "r-1")).isEqualTo(new SessionReply.UnknownSession());
    story.with(Given.spec("r-1", Given.ASK));
    assertThat(SessionViews.run(story.state(), "r-2"))
        .isEqualTo(new SessionReply.UnknownRun("r-2"));
  }

  private SessionReply cancel(@org.jspecify.annotations.Nullable String runId) {
    return SessionDecisions.answer(
        story.state(), new SessionCommand.Cancel(runId, "requested"), Instant.EPOCH);
  }

  private SessionView session() {
    return SessionViews.session(Given.SESSION, story.state(), List.of());
  }

  private RunView view(String runId) {
    return RunViews.of(story.state().run(runId).orElseThrow());
  }
}
