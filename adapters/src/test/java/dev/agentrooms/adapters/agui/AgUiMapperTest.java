package dev.agentrooms.adapters.agui;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.adapters.Golden;
import dev.agentrooms.adapters.Happening;
import dev.agentrooms.adapters.Happening.Told;
import dev.agentrooms.adapters.Scenes;
import dev.agentrooms.protocol.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("unit")
class AgUiMapperTest {

  private static List<ObjectNode> said(Scenes scene) {
    AgUiMapper mapper = new AgUiMapper(Scenes.SESSION, Scenes.RUN, Scenes.RUN);
    List<ObjectNode> events = new ArrayList<>(mapper.opened(Scenes.messages()));
    scene.happenings().forEach(each -> events.addAll(mapper.on(each)));
    return events;
  }

  @ParameterizedTest
  @EnumSource
  void aRunIsSaidAsKept(Scenes scene) throws IOException {
    Golden.check("agui", scene, said(scene));
  }

  @ParameterizedTest
  @EnumSource
  void everyEventOfARunShowsOnce(Scenes scene) {
    List<String> shown =
        said(scene).stream()
            .filter(event -> event.path("type").asText().equals("CUSTOM"))
            .map(event -> event.path("value").path("event_id").asText())
            .toList();
    List<String> told =
        scene.happenings().stream()
            .filter(Told.class::isInstance)
            .map(each -> ((Told) each).event().path("event_id").asText())
            .toList();
    assertThat(shown).isEqualTo(told);
  }

  @ParameterizedTest
  @EnumSource
  void whatIsOpenedIsClosedBeforeTheEnd(Scenes scene) {
    Set<String> open = new HashSet<>();
    List<ObjectNode> events = said(scene);
    for (ObjectNode event : events) {
      String type = event.path("type").asText();
      String what =
          event.path("stepName").asText()
              + event.path("toolCallId").asText()
              + event.path("messageId").asText();
      switch (type) {
        case "STEP_STARTED", "TOOL_CALL_START", "TEXT_MESSAGE_START" ->
            assertThat(open.add(what)).isTrue();
        case "STEP_FINISHED", "TOOL_CALL_END", "TEXT_MESSAGE_END" ->
            assertThat(open.remove(what)).isTrue();
        default -> {}
      }
    }
    assertThat(open).isEmpty();
    assertThat(events.getLast().path("type").asText()).isIn("RUN_FINISHED", "RUN_ERROR");
  }

  @Test
  void aQuestionToAPersonThatNobodyHasAnsweredIsTheEnd() throws IOException {
    AgUiMapper mapper = new AgUiMapper(Scenes.SESSION, "r2", Scenes.RUN);
    List<JsonNode> events = new ArrayList<>(mapper.opened(Scenes.messages()));
    for (Happening each : Scenes.ASKED.happenings()) {
      if (each instanceof Told told && told.step().equals("input_required")) {
        events.addAll(mapper.interrupted(told));
        break;
      }
      events.addAll(mapper.on(each));
    }
    JsonNode end = events.getLast();
    assertThat(end.path("runId").asText()).isEqualTo("r2");
    assertThat(end.path("outcome").path("type").asText()).isEqualTo("interrupt");
    JsonNode interrupt = end.path("outcome").path("interrupts").get(0);
    assertThat(interrupt.path("id").asText()).isEqualTo("r1.review.1");
    assertThat(interrupt.path("message").asText()).isEqualTo("Send this reply?");
    assertThat(interrupt.path("expiresAt").asText()).isEqualTo("2026-11-28T10:00:00Z");
    assertThat(interrupt.path("responseSchema").path("properties").has("value")).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'status':'resolved'} | {'decision':'approve'}",
        "{'status':'cancelled'} | {'decision':'reject'}",
        "{'status':'resolved','payload':false} | {'decision':'reject'}",
        "{'status':'resolved','payload':true} | {'decision':'approve'}",
        "{'status':'resolved','payload':'red'} | {'decision':'approve','value':'red'}",
        "{'status':'resolved','payload':{'n':1}} | {'decision':'approve','value':{'n':1}}",
        "{'status':'resolved','payload':{'decision':'reject','comment':'no'}}"
            + " | {'decision':'reject','comment':'no'}",
        "{'status':'resolved','payload':{'approved':true,'editedArgs':{'n':1}}}"
            + " | {'decision':'approve','value':{'n':1}}"
      },
      quoteCharacter = '"')
  void aPayloadAnswers(String resume, String answer) {
    ObjectNode body = Json.object().put("threadId", "s1").put("runId", "r2");
    ObjectNode entry = (ObjectNode) json(resume);
    body.putArray("resume").add(entry.put("interruptId", "i1"));
    ObjectNode expected = Json.object().put("session_id", "s1").put("run_id", "r1");
    expected.put("input_id", "i1").setAll((ObjectNode) json(answer));
    assertThat(RunInput.of(body, true).resume().getFirst().answer("s1", "r1")).isEqualTo(expected);
  }

  private static JsonNode json(String text) {
    return Json.parse(text.replace('\'', '"').getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }
}
