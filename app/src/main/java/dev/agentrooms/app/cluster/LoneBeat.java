package dev.agentrooms.app.cluster;

import dev.agentrooms.http.BadSetting;
import dev.agentrooms.store.Members;
import dev.agentrooms.store.Members.Beat;
import dev.agentrooms.store.Members.Member;
import dev.agentrooms.store.StoreFailure;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.typed.Cluster;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Says each second in its store that a node without others is up, and ends it when another process
/// of the same roles was there before it: the two would take sessions from one another.
///
/// A process that was killed leaves a heartbeat behind. So only one that beats again counts, and
/// the node serves meanwhile.
final class LoneBeat implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LoneBeat.class);

  // After so many more heartbeats of this node, others that are alive have beaten as well.
  private static final int PATIENCE = 2;

  private final ActorSystem<?> system;
  private final Members table;
  private final Member self;
  private final CompletableFuture<Done> alone = new CompletableFuture<>();
  private final Beating beating;
  private List<Beat> before = List.of();
  private int beats;

  private LoneBeat(ActorSystem<?> system, Cluster cluster, Members table) {
    this.system = system;
    this.table = table;
    this.self = SeedBeat.self(cluster);
    this.beating = Beating.every(SeedBeat.BEAT_MILLIS, "cluster-heartbeat", this::beat);
  }

  static LoneBeat start(ActorSystem<?> system, Cluster cluster, Members table) {
    return new LoneBeat(system, cluster, table);
  }

  /// Completes when no other process is there, or fails with a [BadSetting].
  CompletionStage<Done> alone() {
    return alone;
  }

  private void beat() {
    if (system.whenTerminated().isCompleted()) {
      return;
    }
    try {
      look(table.beat(self));
    } catch (StoreFailure away) {
      // The store itself says that it is away.
    }
  }

  private void look(List<Beat> others) {
    if (beats == 0) {
      before = fresh(self, others);
    }
    Optional<Beat> living = living(before, others);
    if (living.isPresent()) {
      end(living.get().member());
    } else if (before.isEmpty() || beats >= PATIENCE) {
      alone.complete(Done.getInstance());
    }
    beats++;
  }

  /// Those that may be alive, and run what `self` runs.
  static List<Beat> fresh(Member self, List<Beat> others) {
    List<String> roles = List.of(self.roles().split(" "));
    return others.stream()
        .filter(each -> each.age().compareTo(SeedBeat.FRESH) < 0)
        .filter(
            each -> List.of(each.member().roles().split(" ")).stream().anyMatch(roles::contains))
        .toList();
  }

  /// One of `before` that has beaten again.
  static Optional<Beat> living(List<Beat> before, List<Beat> now) {
    return now.stream()
        .filter(
            each ->
                before.stream()
                    .anyMatch(old -> old.member().equals(each.member()) && old.at() < each.at()))
        .findFirst();
  }

  private void end(Member other) {
    BadSetting why =
        new BadSetting(
            "cluster.seed-nodes",
            "is empty, and " + other.address() + " uses the same store: name the nodes to join");
    if (!alone.completeExceptionally(why) && alone.isDone() && !alone.isCompletedExceptionally()) {
      LOG.error("{}", why.getMessage());
      system.terminate();
    }
  }

  @Override
  public void close() {
    beating.close();
    try {
      table.leave(self);
    } catch (StoreFailure away) {
      // Its last heartbeat will be too old soon.
    }
  }
}
