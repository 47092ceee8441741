package dev.agentrooms.agent.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.agent.Given;
import dev.agentrooms.agent.Story;
import dev.agentrooms.agent.session.SessionCommand.Key;
import dev.agentrooms.agent.session.SessionCommand.Turn;
import dev.agentrooms.protocol.Decision;
import dev.agentrooms.protocol.InputKind;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.OnBusy;
import dev.agentrooms.tools.InputRequest;
import dev.agentrooms.tools.ToolResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The journal's form. `journal-1.jsonl` is what version 1 has written; it is never changed, only
/// added to.
@Tag("unit")
class SessionCodecTest {

  private static final Path VERSION_1 = Path.of("src/test/resources/journal-1.jsonl");
  private static final Path EARLIER = Path.of("src/test/resources/journal-1-earlier.jsonl");

  /// One event of each type at least, as sessions make them.
  private static List<SessionEvent> events() {
    List<SessionEvent> events = new ArrayList<>();
    Story story = new Story();
    Key key = new Key("k1", "f1");
    events.addAll(
        story.tell(
            new SessionCommand.Start(
                Given.spec("r-1", Given.QUIZ), OnBusy.REJECT, List.of(key), Turn.NOW)));
    events.addAll(story.tell(new SessionCommand.AddKeys("r-1", "accepted", List.of(key))));
    events.addAll(story.tell(new SessionCommand.Resume()));
    events.addAll(story.toolAnswers(Given.status(503)));
    events.addAll(story.tell(new SessionCommand.Retry(story.attempt())));
    events.addAll(story.toolAnswers(Given.success("rag_search")));
    events.addAll(story.toolAnswers(Given.success("generate_exam")));
    events.addAll(story.tell(Given.start("r-2", OnBusy.REJECT, Turn.LATER)));
    events.addAll(story.tell(new SessionCommand.TakeTurn("r-2")));
    events.addAll(story.toolAnswers(Given.status(500)));
    events.addAll(story.tell(Given.start("r-3", OnBusy.REJECT, Turn.NOW)));
    events.addAll(story.tell(new SessionCommand.Cancel("r-3", "requested")));
    events.addAll(story.toolAnswers(new ToolResult.Stopped()));
    events.addAll(story.tell(new SessionCommand.Delete("session_deleted")));
    Call call =
        new Call(
            "look",
            "rag_search",
            "Look",
            new Call.Words("start_look", "Looking", "look_done", "Looked"),
            true,
            null);
    events.add(new SessionEvent.StepSkipped("r-1", "r-1.look.1", call, Given.T0));
    events.add(new SessionEvent.StepStopped("r-1", "r-1.look.1", Given.T0));
    events.add(
        new SessionEvent.StepProgressed(
            "r-1",
            "r-1.look.1",
            "look_progress",
            null,
            "Half of it",
            Json.object().put("percent", 50),
            Given.T0));
    InputRequest request =
        new InputRequest(
            InputKind.APPROVE,
            "q1",
            "Send this?",
            "send_reply",
            Json.object().put("text", "Hello"),
            Json.object().put("text", "Hello"),
            true,
            Json.object().put("type", "object"),
            List.of("yes", "later"));
    events.add(
        new SessionEvent.InputRequired(
            "r-1",
            "r-1.look.1",
            new Input("r-1.input.1", "look", request, Given.T0.plusSeconds(60)),
            List.of(InputRequest.ask("And this?", null, false, null, List.of())),
            null,
            Given.T0));
    events.add(
        new SessionEvent.InputReceived(
            "r-1",
            "r-1.look.1",
            "r-1.input.1",
            new Input.Answer(Decision.APPROVE, Json.object().put("text", "Hi"), "shorter"),
            Given.T0));
    events.add(new SessionEvent.SessionOpened(Given.T0, null));
    events.add(new SessionEvent.SessionNamed("Volcanoes", Given.T0));
    return events;
  }

  @Test
  void everyTypeOfEventHasANameAndIsInTheSample() {
    Set<Class<?>> named =
        Arrays.stream(SessionEvent.class.getAnnotation(JsonSubTypes.class).value())
            .map(JsonSubTypes.Type::value)
            .collect(Collectors.toSet());
    Set<Class<?>> sampled = events().stream().map(Object::getClass).collect(Collectors.toSet());
    assertThat(named).isEqualTo(sampled);
    assertThat(SessionEvent.RunEvent.class.getPermittedSubclasses().length).isPositive();
  }

  @Test
  void whatIsWrittenIsReadAsItWas() {
    for (SessionEvent event : events()) {
      assertThat(SessionCodec.event(SessionCodec.encode(event))).isEqualTo(event);
    }
  }

  @Test
  void versionOneIsStillWrittenAndReadAsItWas() throws IOException {
    List<String> lines =
        events().stream()
            .map(event -> new String(SessionCodec.encode(event), StandardCharsets.UTF_8))
            .toList();
    if (Boolean.getBoolean("journal.write")) {
      Files.write(VERSION_1, lines);
    }
    List<String> kept = Files.readAllLines(VERSION_1);
    assertThat(lines).isEqualTo(kept);
    assertReadAndWrittenAsTheyWere(kept);
  }

  @Test
  void whatWasWrittenBeforeMoreWasSaidIsReadAsItWas() throws IOException {
    assertReadAndWrittenAsTheyWere(Files.readAllLines(EARLIER));
  }

  private static void assertReadAndWrittenAsTheyWere(List<String> kept) {
    for (String line : kept) {
      SessionEvent event = SessionCodec.event(line.getBytes(StandardCharsets.UTF_8));
      assertThat(new String(SessionCodec.encode(event), StandardCharsets.UTF_8)).isEqualTo(line);
    }
  }

  @Test
  void fieldsThatAreNotKnownAreIgnoredAndVersionsThatAreNotAreRefused() {
    SessionEvent event = events().getFirst();
    String line = new String(SessionCodec.encode(event), StandardCharsets.UTF_8);
    assertThat(
            SessionCodec.event(
                line.replace("{\"v\":1,", "{\"v\":1,\"later\":[1],")
                    .getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(event);
    for (String other : List.of("{\"v\":2,", "{", "")) {
      assertThatExceptionOfType(UncheckedIOException.class)
          .isThrownBy(
              () ->
                  SessionCodec.event(
                      line.replace("{\"v\":1,", other).getBytes(StandardCharsets.UTF_8)));
    }
  }

  @Test
  void aSnapshotStandsForTheEventsBeforeIt() {
    SessionMemory whole = memory();
    whole.read(null, events(), 0);
    for (int cut = 0; cut <= events().size(); cut++) {
      SessionMemory first = memory();
      var undelivered = first.read(null, events().subList(0, cut), 0);
      SessionSnapshot snapshot =
          SessionCodec.snapshot(SessionCodec.encode(first.snapshot(undelivered)));
      SessionMemory second = memory();
      var rest = second.read(snapshot, events().subList(cut, events().size()), 0);
      assertThat(second.state()).isEqualTo(whole.state());
      assertThat(second.told()).isEqualTo(whole.told());
      assertThat(rest.stream().map(SessionSnapshot.Telling::n).toList()).isSorted();
      assertThat(rest).hasSize((int) whole.told());
      JsonNode shown = Json.parse(Json.encode(second.events().all()));
      assertThat(shown).isEqualTo(Json.parse(Json.encode(whole.events().all())));
    }
  }

  /// A line of an older journal says of no run that it replaces another.
  @Test
  void aRunRemembersWhichOneItReplaces() {
    SessionEvent accepted = events().getFirst();
    String line = new String(SessionCodec.encode(accepted), StandardCharsets.UTF_8);
    String replacing = line.replace("\"created_at\"", "\"replaces\":\"r-0\",\"created_at\"");
    for (String each : List.of(line, replacing)) {
      SessionEvent event = SessionCodec.event(each.getBytes(StandardCharsets.UTF_8));
      assertThat(event)
          .isInstanceOfSatisfying(
              SessionEvent.RunAccepted.class,
              run -> assertThat(run.spec().replaces()).isEqualTo(each.equals(line) ? null : "r-0"));
      assertThat(SessionCodec.event(SessionCodec.encode(event))).isEqualTo(event);
    }
  }

  private static SessionMemory memory() {
    return new SessionMemory(new Narrator(Given.agent(), Given.tools()), 50, 50);
  }
}
