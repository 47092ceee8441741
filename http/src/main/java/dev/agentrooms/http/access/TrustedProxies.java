package dev.agentrooms.http.access;

import dev.agentrooms.http.BadSetting;
import dev.agentrooms.http.Settings;
import java.math.BigInteger;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The addresses of proxies that say who somebody is, and from where they come: single ones, and
/// networks such as `10.0.0.0/8`.
record TrustedProxies(List<Network> networks) {

  private static final String KEY = "access.trusted-proxies";
  // As some proxies write them: 192.0.2.1:5123, [2001:db8::1]:5123, [2001:db8::1].
  private static final Pattern WITH_PORT =
      Pattern.compile("^(?:([0-9.]+):[0-9]+|\\[([^\\]]+)\\](?::[0-9]+)?)$");

  record Network(InetAddress address, int prefix) {

    boolean contains(InetAddress other) {
      byte[] own = address.getAddress();
      byte[] others = other.getAddress();
      int host = own.length * 8 - prefix;
      return own.length == others.length
          && new BigInteger(1, own)
              .shiftRight(host)
              .equals(new BigInteger(1, others).shiftRight(host));
    }
  }

  TrustedProxies {
    networks = List.copyOf(networks);
  }

  static TrustedProxies from(Settings settings) {
    List<Network> networks = new ArrayList<>();
    for (String entry : settings.list(KEY)) {
      networks.add(network(entry));
    }
    return new TrustedProxies(networks);
  }

  private static Network network(String entry) {
    int slash = entry.indexOf('/');
    try {
      InetAddress address = InetAddress.ofLiteral(slash < 0 ? entry : entry.substring(0, slash));
      int bits = address.getAddress().length * 8;
      int prefix = slash < 0 ? bits : Integer.parseInt(entry.substring(slash + 1));
      if (prefix >= 0 && prefix <= bits) {
        return new Network(address, prefix);
      }
    } catch (IllegalArgumentException e) {
      // Said below.
    }
    throw new BadSetting(KEY, "\"" + entry + "\" is no address and no network");
  }

  boolean isEmpty() {
    return networks.isEmpty();
  }

  boolean contains(InetAddress address) {
    return networks.stream().anyMatch(network -> network.contains(address));
  }

  /// The address that a request came from before it came through these proxies. Each proxy adds the
  /// address that is connected to it behind those that it was told, so they are read backwards, to
  /// the first that is no proxy's: with `10.0.0.0/8`, for `1.1.1.1, 9.9.9.9, 10.0.0.2` from
  /// `10.0.0.1`, it is `9.9.9.9`. What stands before that, a client may have made up.
  ///
  /// @param peer the address that is connected
  /// @param forwarded the lines of `X-Forwarded-For`
  InetAddress origin(InetAddress peer, List<String> forwarded) {
    InetAddress origin = peer;
    for (String told :
        forwarded.stream().flatMap(line -> Stream.of(line.split(",", -1))).toList().reversed()) {
      Optional<InetAddress> before =
          contains(origin)
              ? literal(WITH_PORT.matcher(told.strip()).replaceFirst("$1$2"))
              : Optional.empty();
      if (before.isEmpty()) {
        break;
      }
      origin = before.get();
    }
    return origin;
  }

  static Optional<InetAddress> literal(String text) {
    try {
      return Optional.of(InetAddress.ofLiteral(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
