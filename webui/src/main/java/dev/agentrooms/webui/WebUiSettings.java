package dev.agentrooms.webui;

import dev.agentrooms.http.BadSetting;
import dev.agentrooms.http.HttpAddress;
import dev.agentrooms.http.HttpLimits;
import dev.agentrooms.http.Settings;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What an operator says of the web UI; each is described in `reference.conf`.
///
/// @param internalToken what a progress event must carry, when there is one
public record WebUiSettings(
    HttpAddress http,
    HttpLimits limits,
    RoomSettings room,
    SocketSettings socket,
    Duration eventsKeepAlive,
    URI agentUrl,
    Origins allowedOrigins,
    @Nullable String internalToken) {

  record RoomSettings(int historySize, Duration ttl) {}

  record SocketSettings(Duration pingInterval, Duration silenceTimeout, int maxRooms) {}

  /// @throws BadSetting naming the first setting that cannot be right
  public static WebUiSettings from(Settings settings) {
    WebUiSettings read =
        new WebUiSettings(
            HttpAddress.from(settings, "webui.http"),
            HttpLimits.from(settings),
            new RoomSettings(
                settings.integer("webui.room.history-size", 1, 1_000_000),
                settings.duration("webui.room.ttl")),
            new SocketSettings(
                settings.duration("webui.socket.ping-interval"),
                settings.duration("webui.socket.silence-timeout"),
                settings.integer("webui.socket.max-rooms", 1, 100_000)),
            settings.duration("webui.events.keep-alive"),
            settings.url("webui.agent-url"),
            origins(settings),
            settings.optionalText("internal-token"));
    if (read.internalToken == null && !read.http.isLoopback()) {
      throw new BadSetting(
          "internal-token",
          "is needed because the web UI listens beyond loopback (webui.http.host is "
              + read.http.host()
              + ")");
    }
    return read;
  }

  private static Origins origins(Settings settings) {
    try {
      return Origins.parse(settings.text("webui.allowed-origins"));
    } catch (IllegalArgumentException e) {
      throw new BadSetting("webui.allowed-origins", String.valueOf(e.getMessage()));
    }
  }
}
