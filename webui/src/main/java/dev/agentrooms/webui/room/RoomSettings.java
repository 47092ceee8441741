package dev.agentrooms.webui.room;

import dev.agentrooms.http.BadSetting;
import dev.agentrooms.http.Settings;
import java.time.Duration;

/// What an operator says of the rooms.
///
/// @param maxEmpty how many rooms may be watched that have no event yet
public record RoomSettings(int historySize, Duration ttl, int maxEmpty) {

  /// @throws BadSetting naming the first setting that cannot be right
  public static RoomSettings from(Settings settings) {
    return new RoomSettings(
        settings.integer("webui.room.history-size", 1, 1_000_000),
        settings.duration("webui.room.ttl"),
        settings.integer("webui.room.max-empty", 1, 1_000_000));
  }
}
