package dev.agentrooms.app;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import dev.agentrooms.http.BadSetting;
import java.net.BindException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.cluster.typed.JoinSeedNodes;
import org.apache.pekko.cluster.typed.SelfUp;
import org.apache.pekko.cluster.typed.Subscribe;

/// This process as a member of a cluster; by default the only one.
final class Node {

  private final Cluster cluster;
  private final CompletableFuture<Done> up = new CompletableFuture<>();

  private Node(Cluster cluster) {
    this.cluster = cluster;
  }

  /// @throws BadSetting when this node's address cannot be bound, or Pekko cannot read its
  ///     settings
  static ActorSystem<Void> start(Config config, Set<Role> roles, ClusterSettings settings) {
    try {
      return ActorSystem.create(
          Behaviors.empty(), ClusterSettings.SYSTEM, AgentRooms.withRoles(config, roles));
    } catch (ConfigException e) {
      throw new BadSetting("configuration", String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof BindException) {
          throw settings.at().taken();
        }
      }
      throw e;
    }
  }

  /// Joins the seed nodes of the settings, or itself.
  static Node of(ActorSystem<?> system, ClusterSettings settings) {
    Cluster cluster = Cluster.get(system);
    Node node = new Node(cluster);
    system.systemActorOf(
        Behaviors.<SelfUp>setup(
            context -> {
              cluster.subscriptions().tell(Subscribe.create(context.getSelf(), SelfUp.class));
              return Behaviors.receiveMessage(
                  selfUp -> {
                    node.up.complete(Done.getInstance());
                    return Behaviors.stopped();
                  });
            }),
        "self-up",
        org.apache.pekko.actor.typed.Props.empty());
    cluster
        .manager()
        .tell(
            settings.seeds().isEmpty()
                ? Join.create(cluster.selfMember().address())
                : new JoinSeedNodes(settings.seeds()));
    return node;
  }

  /// Completes when the node is a full member.
  CompletionStage<Done> up() {
    return up;
  }

  boolean isUp() {
    return cluster.selfMember().status().equals(MemberStatus.up());
  }
}
