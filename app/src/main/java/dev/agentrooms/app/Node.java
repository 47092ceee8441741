package dev.agentrooms.app;

import com.typesafe.config.Config;
import dev.agentrooms.http.BadSetting;
import dev.agentrooms.http.Settings;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.AddressFromURIString;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.cluster.typed.JoinSeedNodes;
import org.apache.pekko.cluster.typed.SelfUp;
import org.apache.pekko.cluster.typed.Subscribe;

/// This process as a member of a cluster, which by default is all there is of it.
final class Node {

  private static final String SYSTEM_NAME = "agent-rooms";

  private final Cluster cluster;
  private final CompletableFuture<Done> up = new CompletableFuture<>();

  private Node(Cluster cluster) {
    this.cluster = cluster;
  }

  static ActorSystem<Void> start(Config config, Set<Role> roles) {
    return ActorSystem.create(Behaviors.empty(), SYSTEM_NAME, AgentRooms.withRoles(config, roles));
  }

  /// Joins the seed nodes of the settings, or itself.
  static Node of(ActorSystem<?> system, Settings settings) {
    List<Address> seeds = settings.list("cluster.seed-nodes").stream().map(Node::address).toList();
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
            seeds.isEmpty()
                ? Join.create(cluster.selfMember().address())
                : new JoinSeedNodes(seeds));
    return node;
  }

  /// Completes when the node is a full member.
  CompletionStage<Done> up() {
    return up;
  }

  boolean isUp() {
    return cluster.selfMember().status().equals(MemberStatus.up());
  }

  private static Address address(String text) {
    try {
      return AddressFromURIString.parse(text);
    } catch (RuntimeException e) {
      throw new BadSetting(
          "cluster.seed-nodes",
          "\"" + text + "\" is not like pekko://" + SYSTEM_NAME + "@host:port");
    }
  }
}
