package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// A reader of rooms whose server may be gone at any moment: what it was shown, and which runs it
/// saw end.
final class KilledOnlooker {

  private final KeyedTool tool;
  private final Set<String> epochs;
  private final long seed;
  private final Map<String, Map<String, Long>> shown = new ConcurrentHashMap<>();
  private final Set<String> ended = ConcurrentHashMap.newKeySet();
  private final Map<String, Integer> callsOfEnded = new ConcurrentHashMap<>();
  private final List<Deleted> deleted = new CopyOnWriteArrayList<>();

  /// A room of which it was answered that it is gone, and what had been in it.
  private record Deleted(String session, String epoch, Set<String> events) {}

  /// @param epochs takes those that are seen, each with its session's name before it
  KilledOnlooker(KeyedTool tool, Set<String> epochs, long seed) {
    this.tool = tool;
    this.epochs = epochs;
    this.seed = seed;
  }

  void look(Stack stack, String session) {
    Stack.Answer answer = stack.get(stack.webUi() + "/api/messages?session_id=" + session);
    if (answer.status() != 200) {
      return;
    }
    JsonNode room = answer.json();
    if (room.path("messages").isEmpty()) {
      // Nothing has been recorded of it, its epoch neither.
      return;
    }
    epochs.add(session + " " + room.path("epoch").asText());
    Map<String, Long> before = shown.computeIfAbsent(session, any -> new ConcurrentHashMap<>());
    for (JsonNode event : room.path("messages")) {
      long seq = event.path("seq").asLong();
      String eventId = event.path("event_id").asText();
      assertThat(before.putIfAbsent(eventId, seq)).as("%s, seed %d", eventId, seed).isIn(null, seq);
      if (Stack.isTerminal(event)) {
        ended.add(event.path("run_id").asText());
      }
    }
  }

  /// Looks at a room for the last time, and deletes it.
  void delete(Stack stack, String session) {
    Stack.Answer answer = stack.get(stack.webUi() + "/api/messages?session_id=" + session);
    Set<String> events = ids(answer.json());
    if (answer.status() == 200
        && !events.isEmpty()
        && stack.delete(stack.webUi() + "/v1/stream/rooms/" + session).status() == 204) {
      deleted.add(new Deleted(session, answer.json().path("epoch").asText(), events));
    }
  }

  private static Set<String> ids(JsonNode room) {
    Set<String> ids = new HashSet<>();
    room.path("messages").forEach(event -> ids.add(event.path("event_id").asText()));
    return ids;
  }

  /// Of a room that was deleted nothing comes back, and what came later is in another epoch.
  void assertDeleted(Stack stack) {
    for (Deleted each : deleted) {
      JsonNode room =
          stack.get(stack.webUi() + "/api/messages?session_id=" + each.session()).json();
      assertThat(ids(room))
          .as("%s, seed %d", each.session(), seed)
          .doesNotContainAnyElementsOf(each.events());
      assertThat(room.path("epoch").asText())
          .as("%s, seed %d", each.session(), seed)
          .isNotEmpty()
          .isNotEqualTo(each.epoch());
    }
  }

  /// How many rooms were deleted.
  int deleted() {
    return deleted.size();
  }

  /// The server is gone, and what it had sent has arrived.
  void end() {
    ended.forEach(runId -> callsOfEnded.putIfAbsent(runId, tool.of(runId).size()));
  }

  void assertShown(String session, Map<String, Long> found) {
    assertThat(found)
        .as("%s, seed %d", session, seed)
        .containsAllEntriesOf(shown.getOrDefault(session, Map.of()));
  }

  /// None for a run that it had seen end before a kill.
  void assertCalls() {
    callsOfEnded.forEach(
        (runId, before) ->
            assertThat(tool.of(runId)).as("%s, over, seed %d", runId, seed).hasSize(before));
  }
}
