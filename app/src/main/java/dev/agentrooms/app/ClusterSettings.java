package dev.agentrooms.app;

import dev.agentrooms.http.BadSetting;
import dev.agentrooms.http.HttpAddress;
import dev.agentrooms.http.Settings;
import java.util.List;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.AddressFromURIString;

/// Settings of the cluster; `reference.conf` describes each.
///
/// @param at the address at which other nodes reach this one
/// @param seeds nodes to join; empty for a cluster of this node alone
record ClusterSettings(HttpAddress at, List<Address> seeds) {

  /// The actor system's name, which must be the same on all nodes of a cluster.
  static final String SYSTEM = "agent-rooms";

  private static final String SEEDS = "cluster.seed-nodes";

  ClusterSettings {
    seeds = List.copyOf(seeds);
  }

  /// @throws BadSetting naming the first invalid setting
  static ClusterSettings from(Settings settings) {
    return new ClusterSettings(
        HttpAddress.from(settings, "cluster").resolvable(),
        settings.list(SEEDS).stream().map(ClusterSettings::address).toList());
  }

  private static Address address(String text) {
    try {
      Address address = AddressFromURIString.parse(text);
      boolean isOurs = address.protocol().equals("pekko") && address.system().equals(SYSTEM);
      int port = address.getPort().orElse(0);
      if (isOurs && address.getHost().isPresent() && port >= 1 && port <= 65_535) {
        return address;
      }
    } catch (Exception e) {
      // Scala code may throw checked exceptions undeclared. Reported below.
    }
    throw new BadSetting(SEEDS, "\"" + text + "\" is not like pekko://" + SYSTEM + "@host:port");
  }
}
