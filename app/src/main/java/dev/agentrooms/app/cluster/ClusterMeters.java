package dev.agentrooms.app.cluster;

import dev.agentrooms.http.Recurring;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.ClusterEvent.CurrentClusterState;
import org.apache.pekko.cluster.ClusterEvent.MemberDowned;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.sharding.ClusterSharding;
import org.apache.pekko.cluster.sharding.ShardRegion;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Subscribe;
import org.apache.pekko.pattern.Patterns;

/// The cluster's meters, as this node sees it.
///
/// | meter | tags | what |
/// |---|---|---|
/// | `rooms.cluster.members` | `status` | nodes, by status; `unreachable` are counted once more |
/// | `rooms.cluster.downed` | | nodes that were removed because they had died or were silent |
/// | `rooms.cluster.shards` | `type` | shards of sessions and rooms that live at this node |
public final class ClusterMeters {

  private static final Duration SHARDS_EVERY = Duration.ofSeconds(5);
  private static final List<String> STATUSES =
      List.of("joining", "weaklyup", "up", "leaving", "exiting", "down", "unreachable");

  private static final List<String> TYPES = List.of("session", "room");

  private final Cluster cluster;
  private final Map<String, Integer> shards = new ConcurrentHashMap<>();
  private final Collection<Counter> downed = new CopyOnWriteArrayList<>();

  private ClusterMeters(Cluster cluster) {
    this.cluster = cluster;
  }

  static ClusterMeters start(ActorSystem<?> system) {
    ClusterMeters meters = new ClusterMeters(Cluster.get(system));
    system.systemActorOf(meters.watch(), "cluster-meters", Props.empty());
    ClusterSharding sharding = ClusterSharding.get(Adapter.toClassic(system));
    Recurring.every(system, SHARDS_EVERY, "counting shards", () -> meters.countShards(sharding));
    return meters;
  }

  /// Registers them in the registry of one of this node's servers.
  public void bindTo(MeterRegistry registry) {
    for (String status : STATUSES) {
      Gauge.builder("rooms.cluster.members", () -> members(status))
          .tag("status", status)
          .description("Nodes of the cluster")
          .register(registry);
    }
    for (String type : TYPES) {
      Gauge.builder("rooms.cluster.shards", () -> shards.getOrDefault(type, 0))
          .tag("type", type)
          .description("Shards at this node")
          .register(registry);
    }
    downed.add(
        Counter.builder("rooms.cluster.downed")
            .description("Nodes that were removed because they had died or were silent")
            .register(registry));
  }

  private int members(String status) {
    CurrentClusterState state = cluster.state();
    if (status.equals("unreachable")) {
      return state.getUnreachable().size();
    }
    int count = 0;
    for (Member member : state.getMembers()) {
      count += word(member.status()).equals(status) ? 1 : 0;
    }
    return count;
  }

  private static String word(MemberStatus status) {
    return status.toString().toLowerCase(Locale.ROOT);
  }

  private Behavior<MemberDowned> watch() {
    return Behaviors.setup(
        context -> {
          cluster.subscriptions().tell(Subscribe.create(context.getSelf(), MemberDowned.class));
          return Behaviors.receiveMessage(
              gone -> {
                downed.forEach(Counter::increment);
                return Behaviors.same();
              });
        });
  }

  private void countShards(ClusterSharding sharding) {
    for (String type : sharding.getShardTypeNames()) {
      Patterns.ask(
              sharding.shardRegion(type), ShardRegion.getShardRegionStateInstance(), SHARDS_EVERY)
          .thenAccept(
              answer -> {
                if (answer instanceof ShardRegion.CurrentShardRegionState state) {
                  shards.put(type, state.getShards().size());
                }
              });
    }
  }
}
