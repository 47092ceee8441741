package dev.agentrooms.http;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;

/// The address at which a server listens.
///
/// @param key the setting it comes from, such as `agent.http`
/// @param port 0 for any free one
public record HttpAddress(String key, String host, int port) {

  public static HttpAddress from(Settings settings, String key) {
    return new HttpAddress(key, settings.nonEmpty(key + ".host"), settings.port(key + ".port"));
  }

  /// This address, resolved for binding.
  ///
  /// @throws BadSetting when the host has no address
  public HttpAddress resolvable() {
    inetAddress();
    return this;
  }

  /// Whether only this machine can reach it.
  ///
  /// @throws BadSetting when the host has no address
  public boolean isLoopback() {
    return inetAddress().isLoopbackAddress();
  }

  private InetAddress inetAddress() {
    try {
      return InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw new BadSetting(key + ".host", "\"" + host + "\" has no address");
    }
  }

  /// The error when it cannot be bound: usually the port is taken.
  public BadSetting taken() {
    try {
      InetAddress address = inetAddress();
      if (!address.isAnyLocalAddress() && NetworkInterface.getByInetAddress(address) == null) {
        return new BadSetting(key + ".host", "\"" + host + "\" is no address of this machine");
      }
    } catch (SocketException e) {
      // Not an address of this machine, as far as can be told.
    }
    return new BadSetting(key + ".port", "port " + port + " of " + host + " is taken");
  }
}
