package dev.agentrooms.app.cluster;

import dev.agentrooms.http.BadSetting;
import dev.agentrooms.http.HttpAddress;
import dev.agentrooms.http.Settings;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.AddressFromURIString;
import org.jspecify.annotations.Nullable;

/// Settings of the cluster; `reference.conf` describes each.
///
/// @param at the address at which other nodes reach this one
/// @param seeds nodes to join; empty for a cluster of this node alone
/// @param tls null for connections between nodes without TLS
public record ClusterSettings(
    HttpAddress at,
    List<Address> seeds,
    Duration joinTimeout,
    Duration acceptablePause,
    Duration stableAfter,
    Duration leaveDelay,
    @Nullable ClusterTls tls) {

  /// The actor system's name, which must be the same on all nodes of a cluster.
  static final String SYSTEM = "agent-rooms";

  private static final String SEEDS = "cluster.seed-nodes";
  private static final String STABLE_AFTER = "cluster.stable-after";

  public ClusterSettings {
    seeds = List.copyOf(seeds);
  }

  /// @throws BadSetting naming the first invalid setting
  public static ClusterSettings from(Settings settings) {
    ClusterSettings read =
        new ClusterSettings(
            HttpAddress.from(settings, "cluster").resolvable(),
            settings.list(SEEDS).stream().map(ClusterSettings::address).toList(),
            settings.duration("cluster.join-timeout"),
            settings.duration("cluster.acceptable-pause"),
            settings.duration(STABLE_AFTER),
            settings.duration("cluster.leave-delay"),
            ClusterTls.from(settings));
    if (read.isOfMany() && read.at.port() == 0) {
      throw new BadSetting(
          "cluster.port", "must be given with " + SEEDS + ": the others have to know it");
    }
    if (read.stableAfter.compareTo(read.acceptablePause) < 0) {
      throw new BadSetting(
          STABLE_AFTER,
          "must be at least cluster.acceptable-pause, "
              + read.acceptablePause.toMillis()
              + " ms, and is "
              + read.stableAfter.toMillis()
              + " ms");
    }
    return read;
  }

  /// Whether there are other nodes.
  public boolean isOfMany() {
    return !seeds.isEmpty();
  }

  /// @throws BadSetting when there are other nodes, which do not have this one's store
  public void requireShared(boolean isStoreShared) {
    if (isOfMany() && !isStoreShared) {
      throw new BadSetting(SEEDS, "needs a store that all nodes share: PostgreSQL, by store.url");
    }
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
