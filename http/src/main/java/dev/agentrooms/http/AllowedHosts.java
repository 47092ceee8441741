package dev.agentrooms.http;

import java.net.InetAddress;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The host names that a server accepts in a request's `Host`.
///
/// A defence against DNS rebinding: a hostile site points its own DNS name at this machine, so
/// that a browser treats its page as same-origin; only the name in `Host` gives it away. Ports are
/// ignored. `rooms.example`, `Rooms.Example.` and `rooms.example:8150` are one name,
/// `[0:0:0:0:0:0:0:1]` and `[::1]` too.
public final class AllowedHosts {

  public static final AllowedHosts ANY = new AllowedHosts(true, Set.of());

  private static final String SETTING = "http.allowed-hosts";
  private static final Pattern AUTHORITY =
      Pattern.compile(
          "(?:\\[([0-9a-f:.]{2,45})]|([a-z0-9_-]{1,63}(?:\\.[a-z0-9_-]{1,63})*)\\.?)(?::(\\d{0,5}))?");
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|\\[::1]|127(?:\\.(?:\\d|[1-9]\\d|1\\d\\d|2[0-4]\\d|25[0-5])){3}");

  // Whether every name is accepted.
  private final boolean any;
  // Accepted names in the form of [#name], besides those of loopback.
  private final Set<String> listed;
  // As the latest request that was accepted wrote it; most write the same.
  private volatile @Nullable String latest;

  private AllowedHosts(boolean any, Set<String> listed) {
    this.any = any;
    this.listed = Set.copyOf(listed);
  }

  /// The verdict on a request's `Host`.
  public enum Verdict {
    ALLOWED,
    /// A host that is not accepted.
    MISDIRECTED,
    /// Not of the form host and port.
    MALFORMED
  }

  /// The setting plus the names of loopback, the server's bind address, and the host of
  /// `webui.public-url`. For a server beyond loopback, which may be reached through a proxy or by
  /// a container's name, an empty setting accepts any name.
  ///
  /// @throws BadSetting naming the entry that is not a host
  public static AllowedHosts from(Settings settings, HttpAddress address) {
    // Read even when unused, so that an invalid entry is always reported.
    URI publicUrl = settings.optionalOrigin("webui.public-url");
    Set<String> listed = new HashSet<>();
    boolean any = false;
    List<String> entries = settings.list(SETTING);
    for (String entry : entries) {
      String name = name(entry);
      if (entry.equals("*")) {
        any = true;
      } else if (name == null) {
        throw new BadSetting(SETTING, "\"" + entry + "\" is no host");
      } else {
        listed.add(name);
      }
    }
    if (any || (entries.isEmpty() && !address.isLoopback())) {
      return ANY;
    }
    String bound = name(address.host().contains(":") ? "[" + address.host() + "]" : address.host());
    if (bound != null) {
      listed.add(bound);
    }
    String ours = publicUrl == null ? null : name(publicUrl.getAuthority());
    if (ours != null) {
      listed.add(ours);
    }
    return new AllowedHosts(false, listed);
  }

  /// @param hosts the values of all `Host` headers of one request. A request without one is
  ///     HTTP/1.0, which no browser sends.
  public Verdict judge(List<String> hosts) {
    if (hosts.isEmpty()) {
      return Verdict.ALLOWED;
    }
    if (hosts.size() > 1) {
      return Verdict.MALFORMED;
    }
    String host = hosts.getFirst();
    if (host.equals(latest)) {
      return Verdict.ALLOWED;
    }
    String name = name(host);
    if (name == null) {
      return Verdict.MALFORMED;
    }
    if (any || listed.contains(name) || LOOPBACK.matcher(name).matches()) {
      latest = host;
      return Verdict.ALLOWED;
    }
    return Verdict.MISDIRECTED;
  }

  /// The canonical host of an authority; null when it is not of the form host and port.
  private static @Nullable String name(String authority) {
    Matcher parts = AUTHORITY.matcher(authority.toLowerCase(Locale.ROOT));
    if (!parts.matches()) {
      return null;
    }
    String port = parts.group(3);
    if (port != null && !port.isEmpty() && Integer.parseInt(port) > 65_535) {
      return null;
    }
    String literal = parts.group(1);
    return literal == null ? parts.group(2) : address(literal);
  }

  private static @Nullable String address(String literal) {
    try {
      // Of an IP literal only, so that there is no DNS look-up.
      InetAddress address = InetAddress.ofLiteral(literal);
      String text = address.getHostAddress();
      if (!literal.contains(":")) {
        return null;
      }
      return address.isLoopbackAddress() && text.contains(":") ? "[::1]" : "[" + text + "]";
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
