package dev.agentrooms.app.cluster;

import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.cluster.UniqueAddress;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Down;
import org.apache.pekko.remote.RemoteActorRefProvider;
import scala.Option;

/// Removes a node that has died. This is the only place that uses an internal API of Pekko.
///
/// `Down` alone takes seven seconds, because a downed node is removed once it is unreachable, which
/// heartbeats have to find out. A quarantined one is unreachable at once.
final class Removal {

  private Removal() {}

  static void of(ActorSystem<?> system, UniqueAddress node) {
    ExtendedActorSystem classic = (ExtendedActorSystem) Adapter.toClassic(system);
    if (classic.provider() instanceof RemoteActorRefProvider remote) {
      Option<Object> uid = Option.apply(node.longUid());
      remote.quarantine(node.address(), uid, "its process has died");
    }
    Cluster.get(system).manager().tell(Down.apply(node.address()));
  }
}
