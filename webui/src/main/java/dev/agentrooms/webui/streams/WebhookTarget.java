package dev.agentrooms.webui.streams;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Where a webhook may be: a server somewhere in the world, over HTTPS. What is near this server
/// would be reached with its rights.
///
/// @param local whether loopback may be called, too
record WebhookTarget(boolean local) {

  private static final Set<String> LOOPBACK = Set.of("localhost", "[::1]");

  /// The URL, if it may be called as far as it tells; null otherwise.
  @Nullable URI parse(String text) {
    URI url;
    try {
      url = new URI(text);
    } catch (java.net.URISyntaxException e) {
      return null;
    }
    String host = url.getHost();
    if (host == null || url.getUserInfo() != null || url.getScheme() == null) {
      return null;
    }
    String scheme = url.getScheme().toLowerCase(Locale.ROOT);
    if (isLoopback(host)) {
      return local && (scheme.equals("http") || scheme.equals("https")) ? url : null;
    }
    boolean isNumber = host.startsWith("[") || host.matches("[0-9.]+");
    return scheme.equals("https") && (!isNumber || isPublic(host)) ? url : null;
  }

  private static boolean isLoopback(String host) {
    return LOOPBACK.contains(host.toLowerCase(Locale.ROOT))
        || host.matches("127(\\.[0-9]{1,3}){3}");
  }

  /// Whether all of the host's addresses are somewhere in the world. Asks the name service.
  boolean mayCall(URI url) {
    String host = url.getHost();
    return isLoopback(host) ? local : isPublic(host);
  }

  private static boolean isPublic(String host) {
    try {
      for (InetAddress address : InetAddress.getAllByName(host)) {
        if (!isPublic(address)) {
          return false;
        }
      }
      return true;
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private static boolean isPublic(InetAddress address) {
    byte[] bytes = address.getAddress();
    int first = bytes[0] & 0xff;
    int second = bytes[1] & 0xff;
    boolean isShared = bytes.length == 4 && first == 100 && second >= 64 && second < 128;
    boolean isUniqueLocal = bytes.length == 16 && (first & 0xfe) == 0xfc;
    boolean isReserved = bytes.length == 4 && (first == 0 || first >= 240);
    return !(address.isLoopbackAddress()
        || address.isAnyLocalAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || address.isMulticastAddress()
        || isShared
        || isUniqueLocal
        || isReserved);
  }
}
