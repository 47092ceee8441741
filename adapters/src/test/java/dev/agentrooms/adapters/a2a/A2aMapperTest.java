package dev.agentrooms.adapters.a2a;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.adapters.Golden;
import dev.agentrooms.adapters.Happening.Told;
import dev.agentrooms.adapters.Refusal;
import dev.agentrooms.adapters.Scenes;
import dev.agentrooms.protocol.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("unit")
class A2aMapperTest {

  private static final TaskId TASK = new TaskId(Scenes.SESSION, Scenes.RUN);

  private static List<A2aMapper.Update> said(Scenes scene) {
    A2aMapper mapper = new A2aMapper(TASK);
    return scene.happenings().stream().flatMap(each -> mapper.on(each).stream()).toList();
  }

  @ParameterizedTest
  @EnumSource
  void aRunIsSaidAsKept(Scenes scene) throws IOException {
    Golden.check("a2a", scene, said(scene).stream().map(A2aMapper.Update::body).toList());
  }

  @ParameterizedTest
  @EnumSource
  void everyEventHasOnePlaceInOrderAndTheStatusIsLast(Scenes scene) {
    List<String> places =
        said(scene).stream().map(A2aMapper.Update::position).filter(Objects::nonNull).toList();
    List<String> told =
        scene.happenings().stream()
            .filter(Told.class::isInstance)
            .map(each -> "e1:" + ((Told) each).seq())
            .toList();
    assertThat(places).isEqualTo(told);
    JsonNode last = said(scene).getLast().body().path("statusUpdate");
    assertThat(last.path("status").path("state").asText())
        .isIn("TASK_STATE_COMPLETED", "TASK_STATE_FAILED", "TASK_STATE_CANCELED");
  }

  @ParameterizedTest
  @CsvSource({"s1~r1,s1,r1", "s:1~r.1,s:1,r.1"})
  void aTaskNamesItsSessionAndRun(String id, String session, String run) {
    assertThat(TaskId.of(id)).isEqualTo(new TaskId(session, run)).hasToString(id);
  }

  @ParameterizedTest
  @CsvSource({"s1", "~r1", "s1~", "s1~r1~x", "s/1~r1", "s1~../r"})
  void whatCanBeNoTaskIsNone(String id) {
    assertThat(TaskId.of(id)).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{'text':'yes'} | {'decision':'approve'}",
        "{'text':' Reject '} | {'decision':'reject'}",
        "{'text':'red'} | {'decision':'approve','value':'red'}",
        "{'data':{'decision':'reject','comment':'no'}} | {'decision':'reject','comment':'no'}",
        "{'data':{'n':1}} | {'decision':'approve','value':{'n':1}}"
      })
  void aMessageAnswers(String part, String answer) {
    ObjectNode params = Json.object();
    params
        .putObject("message")
        .put("messageId", "m1")
        .put("taskId", "s1~r1")
        .putArray("parts")
        .add(json(part));
    ObjectNode expected = Json.object().put("session_id", "s1").put("run_id", "r1");
    expected.put("input_id", "i1").setAll((ObjectNode) json(answer));
    assertThat(Sent.of(params).answer(TASK, "i1")).isEqualTo(expected);
  }

  @Test
  void aFailureIsSaidWithItsReason() {
    Failure failure = Failure.of(Refusal.invalid("session_id", "It is wrong."));
    assertThat(failure.http())
        .isEqualTo(
            json(
                "{'error':{'code':400,'status':'INVALID_ARGUMENT','message':'It is wrong.',"
                    + "'details':[{'@type':'type.googleapis.com/google.rpc.ErrorInfo',"
                    + "'reason':'INVALID_PARAMS','domain':'a2a-protocol.org'}]}}"));
    assertThat(failure.rpc().path("code").asInt()).isEqualTo(-32602);
  }

  private static JsonNode json(String text) {
    return Json.parse(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }
}
