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

/// The names under which a server may be asked for, as the `Host` of a request says them.
///
/// It is a defence against DNS rebinding: the page of another site, whose name was made to mean
/// this machine, is of our origin for a browser, and gives itself away only by its name in `Host`.
/// Ports do not matter. `rooms.example`, `Rooms.Example.` and `rooms.example:8150` are one name,
/// `[0:0:0:0:0:0:0:1]` and `[::1]` too.
///
/// @param any whether every name will do
/// @param listed names as [#name] writes them, besides those of loopback
public record AllowedHosts(boolean any, Set<String> listed) {

  public static final AllowedHosts ANY = new AllowedHosts(true, Set.of());

  private static final String SETTING = "http.allowed-hosts";
  private static final Pattern AUTHORITY =
      Pattern.compile(
          "(?:\\[([0-9a-f:.]{2,45})]|([a-z0-9_-]{1,63}(?:\\.[a-z0-9_-]{1,63})*)\\.?)(?::(\\d{0,5}))?");
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|\\[::1]|127(?:\\.(?:\\d|[1-9]\\d|1\\d\\d|2[0-4]\\d|25[0-5])){3}");

  public AllowedHosts {
    listed = Set.copyOf(listed);
  }

  /// What a request's `Host` is.
  public enum Verdict {
    ALLOWED,
    /// A name that is not ours.
    MISDIRECTED,
    /// No host and port.
    MALFORMED
  }

  /// The setting, and what goes without saying: the names of loopback, the address that the server
  /// is bound to, and the host of `webui.public-url`. Beyond loopback, where a proxy or a
  /// container's name may stand in front, nothing set means any.
  ///
  /// @throws BadSetting naming the entry that is no host
  public static AllowedHosts from(Settings settings, HttpAddress address) {
    // Read in any case, so that a wrong one is always named.
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

  /// @param hosts the values of all `Host` headers of one request. Without one, which only HTTP/1.0
  ///     may be, nobody browses.
  public Verdict judge(List<String> hosts) {
    if (hosts.isEmpty()) {
      return Verdict.ALLOWED;
    }
    String name = hosts.size() == 1 ? name(hosts.getFirst()) : null;
    if (name == null) {
      return Verdict.MALFORMED;
    }
    return any || listed.contains(name) || LOOPBACK.matcher(name).matches()
        ? Verdict.ALLOWED
        : Verdict.MISDIRECTED;
  }

  /// The host of an authority in its one form; null when it is no host and port.
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
      // Of a literal only: it asks no name server.
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
