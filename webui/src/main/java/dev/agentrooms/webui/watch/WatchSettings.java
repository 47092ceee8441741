package dev.agentrooms.webui.watch;

import dev.agentrooms.http.BadSetting;
import dev.agentrooms.http.Settings;
import java.net.URI;
import java.time.Duration;

/// What an operator says of watching: who may, from where, and how patient both sides are.
///
/// @param eventsKeepAlive how long an event stream is silent
public record WatchSettings(
    SocketSettings socket, Duration eventsKeepAlive, Origins origins, RoomTokens tokens) {

  /// @throws BadSetting naming the first setting that cannot be right
  public static WatchSettings from(Settings settings) {
    return new WatchSettings(
        SocketSettings.from(settings),
        settings.duration("webui.events.keep-alive"),
        origins(settings),
        RoomTokens.from(settings));
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
