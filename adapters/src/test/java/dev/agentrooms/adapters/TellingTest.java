package dev.agentrooms.adapters;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.adapters.Happening.Told;
import dev.agentrooms.adapters.Happening.Written;
import dev.agentrooms.protocol.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class TellingTest {

  private static final List<String> STEPS =
      List.of("intent_determined", "start_draft", "draft_done", "final_answer");
  private static final String TEXT = "One, two, three.";

  private final Telling run = new Telling("r1");

  @Test
  void aRunThatIsWatchedFromTheStartIsToldAsItHappens() {
    run.past(List.of());
    List<Happening> all = new ArrayList<>(run.joined("e", 0, 0));
    all.addAll(run.on(1, event(0)));
    all.addAll(run.on(2, event(1)));
    all.addAll(run.on("r1", "draft", 0, "One, "));
    all.addAll(run.on("r1", "draft", 5, "two, "));
    all.addAll(run.on("r1", "draft", 10, "three."));
    all.addAll(run.on(3, event(2)));
    all.addAll(run.on(4, event(3)));

    assertThat(shown(all)).containsExactlyElementsOf(WHOLE);
    assertThat(run.isOver()).isTrue();
  }

  private static final List<String> WHOLE =
      List.of(
          "1@1 intent_determined",
          "2@2 start_draft",
          "draft.0 One, ",
          "draft.1 two, ",
          "draft.2 three.",
          "3@3 draft_done",
          "4@4 final_answer");

  @Test
  void aReplayShowsTheSamePieces() {
    run.past(events(4));
    List<Happening> all = new ArrayList<>(run.joined("e", 4, 1));
    for (int i = 0; i < 4; i++) {
      all.addAll(run.on(i + 1, event(i)));
    }
    assertThat(shown(all)).containsExactlyElementsOf(WHOLE);
  }

  @Test
  void whoComesInTheMiddleOfATextGetsItAsItWasCut() {
    run.past(events(2));
    List<Happening> all = new ArrayList<>(run.joined("e", 2, 1));
    all.addAll(run.on(1, event(0)));
    all.addAll(run.on(2, event(1)));
    all.addAll(run.on("r1", "draft", 0, "One, "));
    // The rest was not seen while it was written.
    all.addAll(run.on(3, event(2)));
    all.addAll(run.on(4, event(3)));
    assertThat(shown(all)).containsExactlyElementsOf(WHOLE);
  }

  @Test
  void whatTheRoomHasEvictedIsTakenFromTheRun() {
    run.past(events(4));
    List<Happening> all = new ArrayList<>(run.joined("e", 14, 13));
    all.addAll(run.on(13, event(2)));
    all.addAll(run.on(14, event(3)));
    assertThat(shown(all))
        .containsExactly(
            "1@11 intent_determined",
            "2@12 start_draft",
            "draft.0 One, ",
            "draft.1 two, ",
            "draft.2 three.",
            "3@13 draft_done",
            "4@14 final_answer");
  }

  @Test
  void aRunOfWhichTheRoomRetainsNothingKeepsItsPlaces() {
    run.past(events(4));
    run.placed(Map.of("r1.0", 11L, "r1.1", 12L, "r1.2", 13L, "r1.3", 14L));
    List<Happening> all = new ArrayList<>(run.joined("e", 30, 29));
    all.addAll(run.on(29, other()));
    assertThat(all).isEmpty();
    all.addAll(run.on(30, other()));
    assertThat(shown(all)).startsWith("1@11 intent_determined").endsWith("4@14 final_answer");
    assertThat(run.isOver()).isTrue();
  }

  @Test
  void aRunWhoseRoomIsGoneIsToldAllTheSame() {
    run.past(events(4));
    assertThat(shown(run.joined("e2", 0, 0))).hasSize(7);
  }

  @Test
  void whatHasBeenToldIsNotToldAgainWhenTheRoomIsJoinedAgain() {
    run.past(List.of());
    run.joined("e", 0, 0);
    run.on(1, event(0));
    run.on(2, event(1));
    run.on("r1", "draft", 0, "One, ");

    run.past(events(3));
    List<Happening> all = new ArrayList<>(run.joined("e", 3, 1));
    for (int i = 0; i < 4; i++) {
      all.addAll(run.on(i + 1, event(i)));
    }
    assertThat(shown(all))
        .containsExactly("draft.1 two, ", "draft.2 three.", "3@3 draft_done", "4@4 final_answer");
  }

  @Test
  void othersRunsAreNotTold() {
    run.past(List.of());
    run.joined("e", 0, 0);
    assertThat(run.on(1, other())).isEmpty();
    assertThat(run.on("r2", "draft", 0, "x")).isEmpty();
    assertThat(shown(run.on(2, event(0)))).containsExactly("1@2 intent_determined");
  }

  private static List<String> shown(List<Happening> all) {
    return all.stream()
        .map(
            each ->
                switch (each) {
                  case Told told -> told.n() + "@" + told.seq() + " " + told.step();
                  case Written piece -> piece.part() + "." + piece.index() + " " + piece.text();
                })
        .toList();
  }

  private static List<ObjectNode> events(int count) {
    List<ObjectNode> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      events.add(event(i).put("n", i + 1));
    }
    return events;
  }

  private static ObjectNode event(int i) {
    ObjectNode event = Json.object().put("event_id", "r1." + i).put("run_id", "r1");
    event.put("step", STEPS.get(i));
    if (i == 2) {
      ArrayNode cuts = Json.mapper().createArrayNode().add(5).add(10);
      event.set("meta", Json.object().put("part", "draft").put("text", TEXT).set("cuts", cuts));
    }
    return event;
  }

  private static ObjectNode other() {
    return Json.object().put("event_id", "r2.1").put("run_id", "r2").put("step", "queued");
  }
}
