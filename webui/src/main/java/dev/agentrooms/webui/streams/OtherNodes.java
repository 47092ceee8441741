package dev.agentrooms.webui.streams;

import dev.agentrooms.protocol.Remote;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.typed.Cluster;

/// Tells the other nodes which streams have changed here, so that those wake who wait there. What
/// changes within a few milliseconds is one message. It may get lost: whoever waits looks by
/// himself, too, and only later.
final class OtherNodes {

  private static final String NAME = "stream-changes";
  private static final String ROLE = "webui";
  private static final Duration TOGETHER = Duration.ofMillis(5);

  private final ActorSystem<?> system;
  private final Cluster cluster;
  private final Set<String> changed = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean isTelling = new AtomicBoolean();

  /// @param paths of streams
  record Changed(List<String> paths) implements Remote {}

  /// @param listener told of each path that changes at another node
  OtherNodes(ActorSystem<?> system, Consumer<String> listener) {
    this.system = system;
    this.cluster = Cluster.get(system);
    var _ =
        system.systemActorOf(
            Behaviors.<Changed>receiveMessage(
                told -> {
                  told.paths().forEach(listener);
                  return Behaviors.same();
                }),
            NAME,
            Props.empty());
  }

  void tell(String path) {
    changed.add(path);
    if (isTelling.compareAndSet(false, true)) {
      var _ = system.scheduler().scheduleOnce(TOGETHER, this::tellAll, system.executionContext());
    }
  }

  private void tellAll() {
    isTelling.set(false);
    List<String> paths = new ArrayList<>(changed);
    paths.forEach(changed::remove);
    Changed message = new Changed(paths);
    for (Member member : cluster.state().getMembers()) {
      if (member.hasRole(ROLE) && !member.equals(cluster.selfMember())) {
        Adapter.toClassic(system)
            .actorSelection(member.address() + "/system/" + NAME)
            .tell(message, ActorRef.noSender());
      }
    }
  }
}
