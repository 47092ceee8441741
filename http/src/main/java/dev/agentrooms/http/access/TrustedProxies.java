package dev.agentrooms.http.access;

import dev.agentrooms.http.BadSetting;
import dev.agentrooms.http.Settings;
import java.math.BigInteger;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/// The addresses of proxies that say who somebody is: single ones, and networks such as
/// `10.0.0.0/8`.
record TrustedProxies(List<Network> networks) {

  private static final String KEY = "access.trusted-proxies";

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
}
