package dev.agentrooms.agent.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.agent.Given;
import dev.agentrooms.agent.Story;
import dev.agentrooms.agent.session.SessionMemory.Change;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.tools.Hidden;
import dev.agentrooms.tools.ToolResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What a tool keeps with its session: recorded with it, shown to nobody, gone with it.
@Tag("unit")
class HiddenTest {

  private static final String SECRET = "the-key-of-the-exam";
  private static final Hidden KEY = Hidden.of("exam:ex-1", Json.object().put("q1", SECRET));

  private final Story story = new Story().with(Given.spec("r-1", Given.QUIZ));

  private List<SessionEvent> generated() {
    story.toolAnswers(Given.success("rag_search"));
    return story.toolAnswers(
        new ToolResult.Succeeded(Given.success("generate_exam").output(), KEY));
  }

  @Test
  void itStaysWithTheSessionBeyondItsRun() {
    generated();
    assertThat(story.state().inFlight()).isEmpty();
    assertThat(story.state().kept()).isEqualTo(KEY);
    story.with(Given.spec("r-2", Given.ASK)).toTheEnd();
    assertThat(story.state().kept()).isEqualTo(KEY);
  }

  @Test
  void noEventViewOrTextShowsIt() {
    List<SessionEvent> events = generated();
    assertThat(events.toString()).doesNotContain(SECRET);
    assertThat(story.state().toString()).doesNotContain(SECRET);
    assertThat(new String(Json.encode(story.progress()), StandardCharsets.UTF_8))
        .contains("final_answer")
        .doesNotContain(SECRET);
    assertThat(
            new String(
                Json.encode(RunViews.of(story.state().lastEnded().orElseThrow())),
                StandardCharsets.UTF_8))
        .doesNotContain(SECRET);
  }

  @Test
  void itIsReadFromTheJournalAndFromASnapshotOfIt() {
    List<SessionEvent> read = new ArrayList<>();
    SessionEvent.StepDone done = null;
    for (SessionEvent event : generated()) {
      read.add(SessionCodec.event(SessionCodec.encode(event)));
      done = event instanceof SessionEvent.StepDone last ? last : done;
    }
    assertThat(read).contains(done);
    SessionMemory memory = memory();
    SessionSnapshot snapshot = new SessionSnapshot(story.state(), List.of(), 0, List.of());
    memory.read(SessionCodec.snapshot(SessionCodec.encode(snapshot)), List.of(), 0);
    assertThat(memory.state()).isEqualTo(story.state());
    assertThat(memory.state().kept()).isEqualTo(KEY);
  }

  @Test
  void ofVeryManyTheOldestGoAlsoWhenTheyAreReadAgain() {
    Hidden kept = Hidden.NONE;
    for (int i = 0; i < Hidden.MOST + 2; i++) {
      kept = kept.and(Hidden.of("exam:" + i, Json.object()));
    }
    // One that comes again is the latest.
    kept = kept.and(Hidden.of("exam:2", Json.object().put("again", true)));
    SessionState state =
        new SessionState(
            Given.T0, Given.T0, List.of(), List.of(), java.util.Map.of(), kept, null, null);
    SessionMemory memory = memory();
    memory.read(
        SessionCodec.snapshot(
            SessionCodec.encode(new SessionSnapshot(state, List.of(), 0, List.of()))),
        List.of(),
        0);
    Hidden more = memory.state().kept().and(Hidden.of("exam:new", Json.object()));
    assertThat(more.values()).hasSize(Hidden.MOST);
    assertThat(more.get("exam:1")).isEmpty();
    assertThat(more.get("exam:3")).isEmpty();
    assertThat(more.get("exam:4")).isPresent();
    assertThat(more.get("exam:2")).isPresent();
  }

  @Test
  void itIsGoneWithTheSession() {
    generated();
    story.tell(new SessionCommand.Delete("session_deleted"));
    assertThat(story.state().kept().isEmpty()).isTrue();
  }

  @Test
  void aRunThatOutlivesItsSessionLeavesNothing() {
    SessionMemory memory = memory();
    Story other = new Story().with(Given.spec("r-1", Given.QUIZ));
    other.tell(new SessionCommand.Delete("session_deleted"));
    SessionState state =
        other
            .state()
            .evolve(
                new SessionEvent.StepDone(
                    "r-1", "r-1.retrieval.1", Json.object(), null, KEY, Given.T0),
                50);
    assertThat(state.kept().isEmpty()).isTrue();
    Change nothing = memory.prepare(List.of());
    assertThat(nothing.after().kept()).isEqualTo(Hidden.NONE);
  }

  private static SessionMemory memory() {
    return new SessionMemory(new Narrator(Given.agent(), Given.tools()), 50, 50);
  }
}
