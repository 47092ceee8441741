package dev.agentrooms.http;

import java.net.InetAddress;
import java.net.UnknownHostException;

/// Where a server listens.
///
/// @param key the setting it comes from, such as `agent.http`
/// @param port 0 for any free one
public record HttpAddress(String key, String host, int port) {

  public static HttpAddress from(Settings settings, String key) {
    return new HttpAddress(key, settings.nonEmpty(key + ".host"), settings.port(key + ".port"));
  }

  /// Whether only this machine can reach it.
  ///
  /// @throws BadSetting when the host has no address
  public boolean isLoopback() {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new BadSetting(key + ".host", "\"" + host + "\" has no address");
    }
  }

  /// What to say when somebody else has the port.
  public BadSetting taken() {
    return new BadSetting(key + ".port", "port " + port + " of " + host + " is taken");
  }
}
