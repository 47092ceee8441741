package dev.agentrooms.adapters.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Json;
import java.util.ArrayList;
import java.util.List;

/// Numbers a response's events and writes them, each with the native event from which it comes as
/// `agent_rooms`.
final class ResponseEvents {

  /// An event as it is sent.
  record Event(long number, String type, byte[] json) {}

  /// To a multiple of which the numbers jump when a run goes on after a crash: what readers have
  /// seen of texts that the crash ended is in no replay, a cursor from before must not skip what
  /// came after, and behind the crash all readers count the same.
  private static final long JUMP = 1_000_000;

  private List<Event> events = new ArrayList<>();
  private ObjectNode origin = Json.object();
  private long next;

  /// @param nativeEvent from which the next events come
  void from(ObjectNode nativeEvent) {
    origin = nativeEvent;
  }

  void jump() {
    next = (next / JUMP + 1) * JUMP;
  }

  /// @param members beside type and number; encoded at once
  void add(String type, ObjectNode members) {
    ObjectNode event = Json.object().put("type", type).put("sequence_number", next);
    event.setAll(members);
    event.set("agent_rooms", origin);
    events.add(new Event(next, type, Json.encode(event)));
    next++;
  }

  /// What has been added since this was last called.
  List<Event> take() {
    List<Event> taken = events;
    events = new ArrayList<>();
    return taken;
  }
}
