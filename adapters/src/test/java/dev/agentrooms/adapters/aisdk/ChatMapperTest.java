package dev.agentrooms.adapters.aisdk;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.adapters.Golden;
import dev.agentrooms.adapters.Happening;
import dev.agentrooms.adapters.Happening.Told;
import dev.agentrooms.adapters.TestRuns;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("unit")
class ChatMapperTest {

  private static Set<String> names() {
    return TestRuns.all().keySet();
  }

  private static List<ObjectNode> chunks(List<Happening> run, ChatMapper mapper) {
    List<ObjectNode> chunks = new ArrayList<>();
    run.forEach(each -> chunks.addAll(mapper.on(each)));
    return chunks;
  }

  private static List<String> types(List<ObjectNode> chunks) {
    return chunks.stream().map(chunk -> chunk.path("type").asText()).toList();
  }

  @ParameterizedTest
  @MethodSource("names")
  void aRunIsTheseChunks(String name) {
    ChatMapper mapper = new ChatMapper("s1", "r1", null);
    List<String> lines =
        chunks(TestRuns.of(name), mapper).stream()
            .map(
                chunk ->
                    chunk.path("type").asText().equals("data-progress")
                        // The native event is named only, to keep the files short.
                        ? chunk.deepCopy().put("data", chunk.at("/data/step").asText()).toString()
                        : chunk.toString())
            .toList();
    Golden.check("aisdk/" + name, lines);
    assertThat(mapper.isOver()).isTrue();
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyEventIsShownOnceAsItIs(String name) {
    List<Happening> run = TestRuns.of(name);
    assertThat(
            chunks(run, new ChatMapper("s1", "r1", null)).stream()
                .filter(chunk -> chunk.path("type").asText().equals("data-progress"))
                .map(chunk -> chunk.path("data").toString()))
        .containsExactlyElementsOf(
            run.stream()
                .filter(Told.class::isInstance)
                .map(told -> ((Told) told).progress().toString())
                .toList());
  }

  @Test
  void behindAnAnswerTheMessageGoesOnFromThere() {
    List<ObjectNode> chunks =
        chunks(TestRuns.of("asked"), new ChatMapper("s1", "r1", "r1.input.1"));
    assertThat(types(chunks))
        .containsExactly(
            "start",
            "data-progress",
            "tool-approval-response",
            "data-progress",
            "tool-output-available",
            "data-progress",
            "text-start",
            "text-delta",
            "text-end",
            "finish-step",
            "finish");
    assertThat(chunks.getFirst().path("messageId").asText()).isEqualTo("m-r1-a");
  }

  @Test
  void aRunWaitsFromItsQuestionToTheAnswer() {
    ChatMapper mapper = new ChatMapper("s1", "r1", null);
    List<Boolean> waits = new ArrayList<>();
    for (Happening each : TestRuns.of("rejected")) {
      mapper.on(each);
      waits.add(mapper.isWaiting());
    }
    assertThat(waits).containsExactly(false, false, true, false, false);
  }
}
