package dev.agentrooms.app.cluster;

import dev.agentrooms.store.Members;
import dev.agentrooms.store.Members.Beat;
import dev.agentrooms.store.Members.Member;
import dev.agentrooms.store.StoreFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.AddressFromURIString;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.JoinSeedNodes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets one of several nodes join the others, and says each second in their store that it is up.
///
/// Pekko's first seed node founds a cluster when it finds none. If it restarts while the network
/// keeps it from the others, that is a second cluster. So a node founds one only when nobody else
/// has been heard of for ten seconds in the store, which all of them see; any seed node may.
final class SeedBeat implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SeedBeat.class);

  /// The interval of heartbeats in the store.
  static final long BEAT_MILLIS = 1_000;

  /// A member with a younger heartbeat is taken for alive.
  static final Duration FRESH = Duration.ofSeconds(10);

  private final Cluster cluster;
  private final List<Address> seeds;
  private final Members table;
  private final Member self;
  // What was last told to the cluster: whom to join.
  private List<Address> asked = List.of();
  private boolean isEntered;
  private boolean isAway;

  private SeedBeat(Cluster cluster, ClusterSettings settings, Members table) {
    this.cluster = cluster;
    this.seeds = settings.seeds();
    this.table = table;
    this.self = self(cluster);
  }

  static AutoCloseable start(Cluster cluster, ClusterSettings settings, Members table) {
    SeedBeat beat = new SeedBeat(cluster, settings, table);
    Beating beating = Beating.every(BEAT_MILLIS, "cluster-heartbeat", beat::beat);
    return () -> {
      beating.close();
      beat.close();
    };
  }

  static Member self(Cluster cluster) {
    List<String> roles = new ArrayList<>(cluster.selfMember().getRoles());
    roles.removeIf(role -> role.startsWith("dc-"));
    roles.sort(null);
    return new Member(
        cluster.selfMember().address().toString(),
        cluster.selfMember().uniqueAddress().longUid(),
        String.join(" ", roles));
  }

  private void beat() {
    if (cluster.isTerminated()) {
      return;
    }
    try {
      if (isEntered || isMember()) {
        isEntered = true;
        table.beat(self);
      } else {
        enter();
      }
      isAway = false;
    } catch (StoreFailure away) {
      if (!isAway) {
        LOG.warn("this node cannot say that it is up: {}", away.getMessage());
      }
      isAway = true;
    }
  }

  private void enter() {
    if (!seeds.contains(cluster.selfMember().address())) {
      join(seeds);
      return;
    }
    List<Beat> others = table.enterAlone(self, FRESH);
    isEntered = others.isEmpty();
    join(targets(cluster.selfMember().address(), seeds, others));
  }

  /// Whom a seed node joins. If it is itself the first, it founds a cluster unless one of the
  /// others answers.
  static List<Address> targets(Address self, List<Address> seeds, List<Beat> others) {
    Set<Address> targets = new LinkedHashSet<>();
    if (others.isEmpty()) {
      targets.add(self);
    }
    others.forEach(each -> targets.add(AddressFromURIString.parse(each.member().address())));
    seeds.stream().filter(seed -> !seed.equals(self)).forEach(targets::add);
    return List.copyOf(targets);
  }

  private void join(List<Address> targets) {
    if (!targets.equals(asked)) {
      asked = targets;
      cluster.manager().tell(new JoinSeedNodes(targets));
    }
  }

  private boolean isMember() {
    return !cluster.selfMember().status().equals(MemberStatus.removed());
  }

  @Override
  public void close() {
    try {
      if (isEntered) {
        table.leave(self);
      }
    } catch (StoreFailure away) {
      // Its last heartbeat will be too old soon.
    }
  }
}
