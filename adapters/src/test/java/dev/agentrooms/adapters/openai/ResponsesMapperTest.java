package dev.agentrooms.adapters.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.adapters.Golden;
import dev.agentrooms.adapters.Happening;
import dev.agentrooms.adapters.Happening.Told;
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
        next += told.meta().path("reason").asText().equals("server_restarted") ? 1_000_000 : 0;
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
