package dev.agentrooms.webui.room;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.Level;
import dev.agentrooms.protocol.ProgressEvent;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Events to publish, and how to read what a room made of them.
public final class TestEvents {

  private static final Instant TS = Instant.parse("2026-11-22T10:00:00.123Z");

  private TestEvents() {}

  public static ProgressEvent event(String sessionId, String eventId) {
    return event(sessionId, eventId, null);
  }

  public static ProgressEvent event(String sessionId, String eventId, @Nullable String message) {
    return new ProgressEvent(
        eventId, TS, sessionId, "r-1", "start_retrieval", null, Level.INFO, message, null);
  }

  static EncodedEvent encoded(String eventId) {
    return EncodedEvent.of(event("quiz1", eventId));
  }

  /// The event at the first place of its room.
  public static RoomEvent placed(ProgressEvent event) {
    return EncodedEvent.of(event).at(1);
  }

  /// The body of a progress request.
  public static String body(String sessionId, String eventId) {
    return new String(Json.encode(event(sessionId, eventId)), UTF_8);
  }

  public static JsonNode json(RoomEvent event) {
    return Json.parse(event.json().toArray());
  }
}
