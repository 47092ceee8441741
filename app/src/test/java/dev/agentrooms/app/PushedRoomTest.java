package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.protocol.Json;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A room that is filled from outside is in the list of sessions, and its producer says when its
/// run has ended.
@Tag("wire")
class PushedRoomTest {

  @TempDir private Path folder;
  private Stack stack = Stack.start();
  private int events;

  @AfterEach
  void stop() {
    stack.close();
  }

  private void push(String sessionId, String step, String message, String meta) {
    String event = event(++events, sessionId, step, message, meta);
    assertThat(stack.post(stack.webUi() + "/api/agent/progress", event).status()).isEqualTo(200);
  }

  private static String event(
      int number, String sessionId, String step, String message, String meta) {
    return """
    {"event_id":"e-%s","ts":"2026-11-22T10:00:00Z","session_id":"%s","run_id":"r-1","step":"%s",
     "message":"%s","meta":%s}
    """
        .formatted(number, sessionId, step, message, meta.replace('\'', '"'));
  }

  private JsonNode list(String query) {
    return stack.get(stack.webUi() + "/api/agent/sessions" + query).json();
  }

  private JsonNode entry(String sessionId) {
    for (JsonNode each : list("").path("sessions")) {
      if (each.path("session_id").asText().equals(sessionId)) {
        return each;
      }
    }
    return Json.mapper().missingNode();
  }

  private JsonNode await(String sessionId, String member, String value) {
    return Stack.await(() -> entry(sessionId), line -> line.path(member).asText().equals(value));
  }

  @Test
  void itsTitleIsTheFirstOneAndUntilThenItsFirstMessage() {
    push("nightly", "reading", "Reads the reports", "{}");
    JsonNode line = await("nightly", "title", "Reads the reports");
    assertThat(line.path("pushed").asBoolean()).isTrue();
    assertThat(line.path("status").asText()).isEqualTo("running");

    push("nightly", "writing", "Writes", "{'title':'Nightly report'}");
    await("nightly", "title", "Nightly report");
    push("nightly", "writing_more", "Writes more", "{'title':'Another'}");
    push("nightly", "final_answer", "Done", "{'status':'succeeded'}");
    assertThat(await("nightly", "status", "idle").path("title").asText())
        .isEqualTo("Nightly report");

    JsonNode alone = stack.get(stack.webUi() + "/api/agent/sessions/nightly").json();
    assertThat(alone.path("title").asText()).isEqualTo("Nightly report");
    assertThat(alone.path("run").isNull()).isTrue();
    assertThat(stack.get(stack.webUi() + "/api/agent/sessions/never").status()).isEqualTo(404);
  }

  @Test
  void aCancelOfItsProducerEndsItsRunToo() {
    push("job", "working", "Works", "{}");
    await("job", "status", "running");
    push("job", "cancelled", "Stopped", "{}");
    await("job", "status", "idle");
    push("job", "working_again", "Works", "{}");
    await("job", "status", "running");
  }

  @Test
  void itStandsAmongTheSessionsOfTheAgentPageByPage() {
    for (int i = 0; i < 3; i++) {
      stack.run("asked-" + i, "Why?");
      stack.untilEnded("asked-" + i, 1);
      push("pushed-" + i, "working", "Works", "{}");
      await("pushed-" + i, "status", "running");
    }
    List<String> all = new ArrayList<>();
    String after = "";
    do {
      JsonNode page = list("?limit=2" + after);
      assertThat(page.path("sessions").size()).isLessThanOrEqualTo(2);
      page.path("sessions").forEach(each -> all.add(each.path("session_id").asText()));
      after = page.hasNonNull("next") ? "&after=" + page.path("next").asText() : "";
    } while (!after.isEmpty());
    assertThat(all)
        .containsExactly("pushed-2", "asked-2", "pushed-1", "asked-1", "pushed-0", "asked-0");
    assertThat(list("?search=PUSHED-1").path("sessions")).hasSize(1);
  }

  @Test
  void aRoomOfASessionOfOursIsListedOnce() {
    stack.run("ours", "Why?");
    stack.untilEnded("ours", 1);
    push("ours", "note", "From outside", "{}");
    assertThat(list("").path("sessions")).hasSize(1);
    assertThat(entry("ours").has("pushed")).isFalse();
  }

  @Test
  void itsNameIsThatOfPeopleOnceTheyHaveGivenOne() {
    push("named", "working", "Works", "{}");
    await("named", "title", "Works");
    String address = stack.webUi() + "/api/agent/sessions/named";

    assertThat(stack.patch(address, "{\"title\":\"The nightly\\nreport\"}").json().path("title"))
        .isEqualTo(Json.mapper().valueToTree("The nightly report"));
    push("named", "working_on", "Works", "{'title':'Another'}");
    assertThat(entry("named").path("title").asText()).isEqualTo("The nightly report");
    assertThat(list("?search=nightly").path("sessions")).hasSize(1);
    assertThat(stack.patch(address, "{\"title\":null}").status()).isEqualTo(200);
    push("named", "working_on", "Works", "{'title':'Another'}");
    await("named", "title", "Another");
    String unknown = stack.webUi() + "/api/agent/sessions/never";
    assertThat(stack.patch(unknown, "{\"title\":\"x\"}").status()).isEqualTo(404);
  }

  @Test
  void itLeavesTheListWhenItIsDeletedUntilItsNextEvent() {
    push("deleted", "working", "Works", "{}");
    await("deleted", "title", "Works");
    String address = stack.webUi() + "/api/agent/sessions/deleted";

    assertThat(stack.delete(address).status()).isEqualTo(204);
    assertThat(entry("deleted").isMissingNode()).isTrue();
    assertThat(stack.delete(address).status()).isEqualTo(404);
    push("deleted", "working_on", "Works on", "{}");
    await("deleted", "title", "Works on");
  }

  /// In the usual form, in one that the routes read, and as a Durable Stream.
  @ParameterizedTest
  @CsvSource({
    "/api/agent/progress, application/json",
    "/api/agent/progress, application/json; charset=UTF-8; v=1",
    "/v1/stream/rooms/deleted, application/json"
  })
  void anEventThatComesAgainDoesNotBringItBack(String path, String type) {
    push("deleted", "working", "Works", "{}");
    await("deleted", "title", "Works");
    stack.delete(stack.webUi() + "/api/agent/sessions/deleted");

    HttpRequest again =
        HttpRequest.newBuilder(URI.create(stack.webUi() + path))
            .header("Content-Type", type)
            .POST(BodyPublishers.ofString(event(events, "deleted", "working", "Works", "{}")))
            .build();
    assertThat(stack.send(again).status()).isBetween(200, 204);
    // What is written of rooms is written in its order.
    push("later", "working", "Works", "{}");
    await("later", "title", "Works");
    assertThat(entry("deleted").isMissingNode()).isTrue();
  }

  @Test
  void itIsStillInTheListAfterARestart() {
    stack.close();
    Map<String, Object> settings = new HashMap<>(Stack.ports());
    settings.put("store.dir", folder.toString());
    stack = Stack.start(java.util.EnumSet.allOf(Role.class), settings);
    push("kept", "working", "Works", "{'title':'Kept'}");
    await("kept", "title", "Kept");
    stack.close();
    stack = Stack.start(java.util.EnumSet.allOf(Role.class), settings);
    await("kept", "title", "Kept");
  }
}
