package dev.agentrooms.webui.streams;

import dev.agentrooms.http.Settings;
import java.time.Duration;

/// What an operator says of streams.
///
/// @param longPoll how long a reader waits who polls
/// @param localWebhooks whether subscriptions may call loopback
public record StreamSettings(boolean isOn, Duration longPoll, boolean localWebhooks) {

  /// @throws dev.agentrooms.http.BadSetting naming the first setting that cannot be right
  public static StreamSettings from(Settings settings) {
    return new StreamSettings(
        settings.flag("webui.streams.on"),
        settings.duration("webui.streams.long-poll"),
        settings.flag("webui.streams.local-webhooks"));
  }
}
