package dev.agentrooms.http;

import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.jspecify.annotations.Nullable;

/// The web origins whose pages may open a socket, besides the server's own.
///
/// A browser lets any page open a WebSocket to any host, and says only in `Origin` whose page it
/// is.
public record Origins(boolean any, Set<Origin> listed) {

  private static final String HOST = "(\\[[0-9a-f:.]+]|[a-z0-9._-]+)";
  private static final Pattern ORIGIN =
      Pattern.compile("([a-z][a-z0-9+.-]*)://" + HOST + "(?::(\\d{1,5}))?");
  private static final Pattern AUTHORITY = Pattern.compile(HOST + "(?::(\\d{0,5}))?");

  public Origins {
    listed = Set.copyOf(listed);
  }

  /// The settings' origins: those that are listed, and that of `webui.public-url`.
  ///
  /// @throws BadSetting naming the entry that is no origin
  public static Origins from(Settings settings) {
    Origins listed = of("webui.allowed-origins", settings.text("webui.allowed-origins"));
    // Behind a proxy that says another `Host`, this is the page's own.
    URI publicUrl = settings.optionalOrigin("webui.public-url");
    return publicUrl == null ? listed : listed.and(of("webui.public-url", publicUrl.toString()));
  }

  private static Origins of(String key, String text) {
    try {
      return parse(text);
    } catch (IllegalArgumentException e) {
      throw new BadSetting(key, String.valueOf(e.getMessage()));
    }
  }

  /// Reads the setting: origins with commas between them, `*` for any, nothing for the same origin
  /// only.
  ///
  /// @throws IllegalArgumentException naming the entry that is no origin
  public static Origins parse(String setting) {
    var any = false;
    var listed = new HashSet<Origin>();
    for (var part : setting.split(",", -1)) {
      var entry = part.strip();
      if (entry.equals("*")) {
        any = true;
      } else if (!entry.isEmpty()) {
        var origin = Origin.parse(entry);
        if (origin == null) {
          throw new IllegalArgumentException("not an origin: " + entry);
        }
        listed.add(origin);
      }
    }
    return new Origins(any, listed);
  }

  Origins and(Origins more) {
    Set<Origin> all = new HashSet<>(listed);
    all.addAll(more.listed);
    return new Origins(any || more.any, all);
  }

  public boolean allows(HttpRequest request) {
    var host = Headers.values(request, "host");
    return allows(Headers.values(request, "origin"), host.isEmpty() ? "" : host.getFirst());
  }

  /// Judges the `Origin` headers of a request to `host`. No header is fine: the client is no
  /// browser. An opaque origin (`null`) is refused as a malformed one is, even where any origin may
  /// come.
  boolean allows(List<String> origins, String host) {
    if (origins.isEmpty()) {
      return true;
    }
    var origin = origins.size() == 1 ? Origin.parse(origins.getFirst()) : null;
    return origin != null && (any || listed.contains(origin) || origin.isAt(host));
  }

  /// An origin in lower case, with its port written out where its scheme has one.
  public record Origin(String scheme, String host, int port) {

    private static final int NO_PORT = -1;

    static @Nullable Origin parse(String text) {
      var match = ORIGIN.matcher(text.strip().toLowerCase(Locale.ROOT));
      if (!match.matches()) {
        return null;
      }
      var scheme = match.group(1);
      int port = port(match.group(3), scheme);
      return port > 65535 ? null : new Origin(scheme, match.group(2), port);
    }

    /// Whether a `Host` header means this origin. It names no scheme: behind a proxy we would not
    /// know it.
    boolean isAt(String authority) {
      var match = AUTHORITY.matcher(authority.strip().toLowerCase(Locale.ROOT));
      return match.matches()
          && (scheme.equals("http") || scheme.equals("https"))
          && host.equals(match.group(1))
          && port == port(match.group(2), scheme);
    }

    private static int port(@Nullable String digits, String scheme) {
      if (digits != null && !digits.isEmpty()) {
        return Integer.parseInt(digits);
      }
      return switch (scheme) {
        case "http" -> 80;
        case "https" -> 443;
        default -> NO_PORT;
      };
    }
  }
}
