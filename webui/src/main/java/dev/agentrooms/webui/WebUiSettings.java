package dev.agentrooms.webui;

import dev.agentrooms.http.AllowedHosts;
import dev.agentrooms.http.BadSetting;
import dev.agentrooms.http.HttpSettings;
import dev.agentrooms.http.Settings;
import dev.agentrooms.http.access.AccessSettings;
import dev.agentrooms.http.access.OidcSettings;
import dev.agentrooms.webui.page.Brand;
import dev.agentrooms.webui.room.RoomSettings;
import dev.agentrooms.webui.streams.StreamSettings;
import dev.agentrooms.webui.watch.WatchSettings;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/// Settings of the web UI; `reference.conf` describes each.
///
/// @param publicUrl what the web UI calls itself; null for what a request calls it
/// @param internalToken required of progress events
/// @param brand what the page looks like
/// @param oidc the provider that people sign in with; null when nobody can sign in
public record WebUiSettings(
    HttpSettings http,
    AllowedHosts hosts,
    RoomSettings room,
    WatchSettings watch,
    StreamSettings streams,
    URI agentUrl,
    @Nullable URI publicUrl,
    InternalToken internalToken,
    AccessSettings access,
    Brand brand,
    @Nullable OidcSettings oidc) {

  /// @throws BadSetting naming the first invalid setting
  public static WebUiSettings from(Settings settings) {
    HttpSettings http = HttpSettings.from(settings, "webui.http");
    WebUiSettings read =
        new WebUiSettings(
            http,
            AllowedHosts.from(settings, http.address()),
            RoomSettings.from(settings),
            WatchSettings.from(settings),
            StreamSettings.from(settings),
            settings.url("webui.agent-url"),
            settings.optionalOrigin("webui.public-url"),
            new InternalToken(settings.optionalText("internal-token")),
            AccessSettings.from(settings),
            Brand.from(settings),
            OidcSettings.from(settings));
    if (read.internalToken.secret() == null && !read.http.address().isLoopback()) {
      throw new BadSetting(
          "internal-token",
          "is needed because the web UI listens beyond loopback (webui.http.host is "
              + read.http.address().host()
              + ")");
    }
    read.access.requireFor(http.address());
    if (read.oidc != null && read.publicUrl == null && !http.address().isLoopback()) {
      throw new BadSetting(
          "webui.public-url",
          "is needed to sign in, because the provider sends browsers back there"
              + " (WEBUI_PUBLIC_URL)");
    }
    return read;
  }
}
