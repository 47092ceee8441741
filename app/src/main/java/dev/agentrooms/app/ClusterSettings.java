package dev.agentrooms.app;

import dev.agentrooms.http.BadSetting;
import dev.agentrooms.http.HttpAddress;
import dev.agentrooms.http.Settings;
import java.util.List;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.AddressFromURIString;

/// What an operator says of the cluster; each is described in `reference.conf`.
///
/// @param at where other nodes reach this one
/// @param seeds nodes to join; none for a cluster of its own
record ClusterSettings(HttpAddress at, List<Address> seeds) {

  /// What every node of a cluster calls its actor system.
  static final String SYSTEM = "agent-rooms";

  private static final String SEEDS = "cluster.seed-nodes";

  ClusterSettings {
    seeds = List.copyOf(seeds);
  }

  /// @throws BadSetting naming the first setting that cannot be right
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
      // A checked one too, for it is Scala's. Said below.
    }
    throw new BadSetting(SEEDS, "\"" + text + "\" is not like pekko://" + SYSTEM + "@host:port");
  }
}
