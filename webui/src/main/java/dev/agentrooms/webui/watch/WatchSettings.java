package dev.agentrooms.webui.watch;

import dev.agentrooms.http.BadSetting;
import dev.agentrooms.http.Origins;
import dev.agentrooms.http.Settings;
import java.time.Duration;

/// What an operator says of watching: who may, from where, and how patient both sides are.
///
/// @param eventsKeepAlive how long an event stream is silent
public record WatchSettings(SocketSettings socket, Duration eventsKeepAlive, Origins origins) {

  /// @throws BadSetting naming the first setting that cannot be right
  public static WatchSettings from(Settings settings) {
    return new WatchSettings(
        SocketSettings.from(settings),
        settings.duration("webui.events.keep-alive"),
        Origins.from(settings));
  }
}
