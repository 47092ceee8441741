package dev.agentrooms.tools;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Json;
import org.jspecify.annotations.Nullable;

/// Something that happened within a call: how far a tool has got, a tool that a remote agent uses.
///
/// @param step the event's name, such as `reading_pages`; null, or a name that is taken, stands for
///     `NAME_progress` in the step `NAME`
/// @param tool the tool that it is about; null for the called tool
/// @param meta must not be changed any more
public record Progress(
    @Nullable String step, @Nullable String tool, String message, ObjectNode meta) {

  public static Progress of(String message) {
    return of(message, Json.object());
  }

  public static Progress of(String message, ObjectNode meta) {
    return new Progress(null, null, message, meta);
  }
}
