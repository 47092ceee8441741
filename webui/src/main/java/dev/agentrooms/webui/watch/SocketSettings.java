package dev.agentrooms.webui.watch;

import dev.agentrooms.http.Settings;
import java.time.Duration;

/// What an operator says of WebSockets.
///
/// @param maxRooms in which one socket may sit
record SocketSettings(
    Duration pingInterval,
    Duration silenceTimeout,
    int maxRooms,
    RateLimit.Rate commands,
    RateLimit.Rate handshakes) {

  static SocketSettings from(Settings settings) {
    return new SocketSettings(
        settings.duration("webui.socket.ping-interval"),
        settings.duration("webui.socket.silence-timeout"),
        settings.integer("webui.socket.max-rooms", 1, 100_000),
        rate(settings, "commands-per-second", "command-burst"),
        rate(settings, "handshakes-per-second", "handshake-burst"));
  }

  private static RateLimit.Rate rate(Settings settings, String perSecond, String burst) {
    return new RateLimit.Rate(
        settings.integer("webui.socket." + perSecond, 1, 1_000_000),
        settings.integer("webui.socket." + burst, 1, 1_000_000));
  }
}
