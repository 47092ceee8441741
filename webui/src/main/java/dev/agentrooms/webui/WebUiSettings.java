package dev.agentrooms.webui;

import dev.agentrooms.http.AllowedHosts;
import dev.agentrooms.http.BadSetting;
import dev.agentrooms.http.HttpSettings;
import dev.agentrooms.http.Settings;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;

/// What an operator says of the web UI; each is described in `reference.conf`.
///
/// @param internalToken what a progress event must carry
public record WebUiSettings(
    HttpSettings http,
    AllowedHosts hosts,
    RoomSettings room,
    SocketSettings socket,
    Duration eventsKeepAlive,
    URI agentUrl,
    Origins allowedOrigins,
    RoomTokens roomTokens,
    InternalToken internalToken) {

  /// @param maxEmpty how many rooms may be watched that have no event yet
  record RoomSettings(int historySize, Duration ttl, int maxEmpty) {}

  record SocketSettings(
      Duration pingInterval,
      Duration silenceTimeout,
      int maxRooms,
      RateLimit.Rate commands,
      RateLimit.Rate handshakes) {}

  /// @throws BadSetting naming the first setting that cannot be right
  public static WebUiSettings from(Settings settings) {
    HttpSettings http = HttpSettings.from(settings, "webui.http");
    WebUiSettings read =
        new WebUiSettings(
            http,
            AllowedHosts.from(settings, http.address()),
            new RoomSettings(
                settings.integer("webui.room.history-size", 1, 1_000_000),
                settings.duration("webui.room.ttl"),
                settings.integer("webui.room.max-empty", 1, 1_000_000)),
            new SocketSettings(
                settings.duration("webui.socket.ping-interval"),
                settings.duration("webui.socket.silence-timeout"),
                settings.integer("webui.socket.max-rooms", 1, 100_000),
                rate(settings, "commands-per-second", "command-burst"),
                rate(settings, "handshakes-per-second", "handshake-burst")),
            settings.duration("webui.events.keep-alive"),
            settings.url("webui.agent-url"),
            origins(settings),
            roomTokens(settings),
            new InternalToken(settings.optionalText("internal-token")));
    if (read.internalToken.secret() == null && !read.http.address().isLoopback()) {
      throw new BadSetting(
          "internal-token",
          "is needed because the web UI listens beyond loopback (webui.http.host is "
              + read.http.address().host()
              + ")");
    }
    return read;
  }

  private static RateLimit.Rate rate(Settings settings, String perSecond, String burst) {
    return new RateLimit.Rate(
        settings.integer("webui.socket." + perSecond, 1, 1_000_000),
        settings.integer("webui.socket." + burst, 1, 1_000_000));
  }

  /// @throws BadSetting when the secret is too short
  public static RoomTokens roomTokens(Settings settings) {
    try {
      return RoomTokens.of(
          settings.optionalText("webui.room-token-secret"), InstantSource.system());
    } catch (IllegalArgumentException e) {
      throw new BadSetting("webui.room-token-secret", String.valueOf(e.getMessage()));
    }
  }

  private static Origins origins(Settings settings) {
    Origins listed = origins("webui.allowed-origins", settings.text("webui.allowed-origins"));
    // Behind a proxy that says another `Host`, this is the page's own.
    URI publicUrl = settings.optionalOrigin("webui.public-url");
    return publicUrl == null
        ? listed
        : listed.and(origins("webui.public-url", publicUrl.toString()));
  }

  private static Origins origins(String key, String text) {
    try {
      return Origins.parse(text);
    } catch (IllegalArgumentException e) {
      throw new BadSetting(key, String.valueOf(e.getMessage()));
    }
  }
}
