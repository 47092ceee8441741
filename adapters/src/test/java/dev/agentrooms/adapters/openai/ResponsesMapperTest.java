package dev.agentrooms.adapters.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.adapters.Golden;
import dev.agentrooms.adapters.Happening;
import dev.agentrooms.adapters.Happening.Told;
import dev.agentrooms.adapters.Happening.Written;
import dev.agentrooms.adapters.TestRuns;
import dev.agentrooms.adapters.openai.ResponseEvents.Event;
import dev.agentrooms.protocol.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("unit")
class ResponsesMapperTest {

  private static final ResponseId ID = new ResponseId("s1", "r1");

  private static ResponsesMapper mapper() {
    return new ResponsesMapper(ID, Instant.parse("2026-11-22T10:00:00Z"));
  }

  private static Set<String> names() {
    return TestRuns.all().keySet();
  }

  private static List<Event> events(List<Happening> run) {
    ResponsesMapper mapper = mapper();
    List<Event> events = new ArrayList<>();
    run.forEach(each -> events.addAll(mapper.on(each)));
    return events;
  }

  private static JsonNode json(Event event) {
    return Json.parse(event.json());
  }

  @ParameterizedTest
  @MethodSource("names")
  void aRunIsTheseEvents(String name) {
    List<String> lines =
        events(TestRuns.of(name)).stream()
            .map(
                event -> {
                  // The native event is named only, to keep the files short.
                  ObjectNode json = (ObjectNode) json(event);
                  return json.put(
                          "agent_rooms", json.path("agent_rooms").path("event_id").asText("delta"))
                      .toString();
                })
            .toList();
    Golden.check("openai/" + name, lines);
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyEventHasItsNumberAndCarriesTheNativeOne(String name) {
    List<Happening> run = TestRuns.of(name);
    ResponsesMapper mapper = mapper();
    long next = 0;
    for (Happening each : run) {
      List<Event> events = mapper.on(each);
      if (each instanceof Told told) {
        assertThat(events).isNotEmpty();
        next = told.isAfterCrash() ? (next / 1_000_000 + 1) * 1_000_000 : next;
        for (Event event : events) {
          assertThat(json(event).path("agent_rooms")).hasToString(told.progress().toString());
        }
      }
      for (Event event : events) {
        assertThat(event.number()).isEqualTo(next);
        assertThat(json(event).path("sequence_number").asLong()).isEqualTo(next);
        assertThat(json(event).path("type").asText()).isEqualTo(event.type());
        assertThat(json(event).has("error")).isFalse();
        next++;
      }
    }
    assertThat(mapper.isOver()).isTrue();
  }

  @Test
  void whoSawATextThatACrashEndedReadsOnAsThoseWhoComeLater() {
    List<Happening> later = TestRuns.of("crashed");
    List<Happening> seen = new ArrayList<>(later);
    int crash =
        later.indexOf(
            later.stream()
                .filter(each -> each instanceof Told t && t.isAfterCrash())
                .findFirst()
                .get());
    seen.add(crash, new Written("draft", 0, 0, "Dear "));
    seen.add(crash + 1, new Written("draft", 1, 5, "Bob, how"));
    List<Event> live = events(seen);
    List<Event> replay = events(later);
    assertThat(behindCrash(live)).isEqualTo(behindCrash(replay)).isNotEmpty();
    // So a cursor from before the crash misses nothing.
    long last = live.get(live.size() - behindCrash(live).size() - 1).number();
    assertThat(replay.stream().filter(event -> event.number() > last).map(Event::number).toList())
        .containsAll(live.stream().map(Event::number).filter(each -> each > last).toList());
  }

  private static List<String> behindCrash(List<Event> events) {
    return events.stream()
        .filter(event -> event.number() >= 1_000_000)
        .map(event -> json(event).toString())
        .toList();
  }

  @ParameterizedTest
  @MethodSource("names")
  void theEventsPutTogetherAreTheResponse(String name) {
    List<Happening> run = TestRuns.of(name);
    ResponsesMapper mapper = mapper();
    run.forEach(mapper::on);
    List<Event> events = events(run);
    assertThat(json(events.getLast()).path("response")).hasToString(mapper.response().toString());

    Map<Integer, JsonNode> done = new HashMap<>();
    for (Event event : events) {
      if (event.type().equals("response.output_item.done")) {
        done.put(json(event).path("output_index").asInt(), json(event).path("item"));
      }
    }
    assertThat(mapper.response().path("output"))
        .extracting(JsonNode::toString)
        .containsExactlyInAnyOrderElementsOf(
            done.values().stream().map(JsonNode::toString).toList());
    assertThat(done.keySet()).allMatch(index -> index < done.size());
  }

  @ParameterizedTest
  @MethodSource("names")
  void aResponseReadWithoutTheTextThatWasBeingWrittenIsTheSameInTheEnd(String name) {
    List<Happening> run = TestRuns.of(name);
    ResponsesMapper watched = mapper();
    run.forEach(watched::on);
    ResponsesMapper read = mapper();
    run.stream().filter(Told.class::isInstance).forEach(read::on);
    if (name.equals("cancelled_in_text")) {
      assertThat(read.response().path("output")).hasSize(1);
      assertThat(watched.response().path("output")).hasSize(2);
    } else {
      assertThat(read.response()).hasToString(watched.response().toString());
    }
  }

  @Test
  void anIdIsASessionAndARun() {
    assertThat(ResponseId.of("s1~r1")).isEqualTo(ID);
    assertThat(ID).hasToString("s1~r1");
    for (String wrong : List.of("", "~", "s1", "s1~", "~r1", "a/b~r1", "s1~r1~r2", "s1~a:b")) {
      assertThat(ResponseId.of(wrong)).isNull();
    }
  }
}
