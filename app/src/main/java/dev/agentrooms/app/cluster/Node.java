package dev.agentrooms.app.cluster;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import dev.agentrooms.http.BadSetting;
import dev.agentrooms.store.Members;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.BindException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.cluster.typed.SelfUp;
import org.apache.pekko.cluster.typed.Subscribe;

/// This process as a member of a cluster; by default the only one.
public final class Node implements AutoCloseable {

  private final Cluster cluster;
  private final ClusterSettings settings;
  private final ClusterMeters meters;
  private final CompletableFuture<Done> up = new CompletableFuture<>();
  private final List<AutoCloseable> parts = new ArrayList<>();
  private CompletionStage<Done> alone = CompletableFuture.completedFuture(Done.getInstance());
  private volatile boolean isLeaving;

  private Node(ActorSystem<?> system, ClusterSettings settings) {
    this.cluster = Cluster.get(system);
    this.settings = settings;
    this.meters = ClusterMeters.start(system);
  }

  /// @param roles what this process runs, in words
  /// @throws BadSetting when this node's address cannot be bound, or Pekko cannot read its
  ///     settings
  public static ActorSystem<Void> start(
      Config config, SortedSet<String> roles, ClusterSettings settings) {
    Map<String, Object> more = new HashMap<>();
    more.put("pekko.cluster.roles", List.copyOf(roles));
    if (settings.tls() != null) {
      more.putAll(settings.tls().asPekko());
    }
    try {
      return ActorSystem.create(
          Behaviors.empty(),
          ClusterSettings.SYSTEM,
          ConfigFactory.parseMap(more).withFallback(config));
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

  /// Joins the nodes of the settings, or itself.
  ///
  /// @param members the processes that share this one's store; empty when there are none
  public static Node of(
      ActorSystem<?> system, ClusterSettings settings, Optional<Members> members) {
    Cluster cluster = Cluster.get(system);
    Node node = new Node(system, settings);
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
        Props.empty());
    system
        .getWhenTerminated()
        .whenComplete(
            (done, failure) ->
                node.up.completeExceptionally(
                    new CannotJoin(
                        "cluster.seed-nodes: none let this node join within "
                            + settings.joinTimeout().toMillis()
                            + " ms (cluster.join-timeout)")));
    if (settings.isOfMany()) {
      node.parts.add(PortWatch.start(system));
      members.ifPresent(table -> node.parts.add(SeedBeat.start(cluster, settings, table)));
    } else {
      members.ifPresent(table -> node.alone = node.beatAlone(system, table));
      cluster.manager().tell(Join.create(cluster.selfMember().address()));
    }
    return node;
  }

  private CompletionStage<Done> beatAlone(ActorSystem<?> system, Members table) {
    LoneBeat beat = LoneBeat.start(system, cluster, table);
    parts.add(beat);
    return beat.alone();
  }

  /// Completes when the node is a full member; fails with [CannotJoin], or with a [BadSetting] when
  /// another process uses its store and it was not told to join that.
  public CompletionStage<Done> joined() {
    return up.thenCombine(alone, (isUp, isAlone) -> isUp);
  }

  /// Why it did not join, once that is known.
  public Optional<RuntimeException> failure() {
    CompletableFuture<Done> joined = joined().toCompletableFuture();
    return joined.isCompletedExceptionally()
            && joined.exceptionNow() instanceof RuntimeException why
        ? Optional.of(why)
        : Optional.empty();
  }

  /// What `stage` comes to, or at once why this node did not join.
  public <T> CompletionStage<T> unlessItFails(CompletionStage<T> stage) {
    CompletableFuture<T> first = stage.toCompletableFuture().copy();
    up.exceptionally(
        why -> {
          first.completeExceptionally(why);
          return Done.getInstance();
        });
    return first;
  }

  /// Whether clients are to come here: it is a member, does not leave, and is not cut off from most
  /// of the others. One that is cut off shows what it knew before, and is about to end.
  public boolean isUp() {
    return !isLeaving
        && cluster.selfMember().status().equals(MemberStatus.up())
        && !isCutOff(up().size(), reachable(up()).size());
  }

  /// Half of them is not cut off: of two nodes neither is, when they do not see each other.
  static boolean isCutOff(int members, int reachable) {
    return reachable * 2 < members;
  }

  /// How many nodes are up, as this one knows; 0 when it is to be the only one.
  public int members() {
    if (!isOfMany()) {
      return 0;
    }
    return reachable(up()).size();
  }

  private List<Member> up() {
    List<Member> up = new ArrayList<>();
    for (Member member : cluster.state().getMembers()) {
      if (member.status().equals(MemberStatus.up())) {
        up.add(member);
      }
    }
    return up;
  }

  private List<Member> reachable(List<Member> members) {
    Set<Member> unreachable = cluster.state().getUnreachable();
    return members.stream().filter(member -> !unreachable.contains(member)).toList();
  }

  /// Registers what is measured of the cluster.
  public void bindTo(MeterRegistry registry) {
    meters.bindTo(registry);
  }

  /// Whether there are to be other nodes.
  public boolean isOfMany() {
    return settings.isOfMany();
  }

  /// How long it goes on serving once it [#leaves].
  public Duration leaveDelay() {
    return settings.leaveDelay();
  }

  /// From now on it is not ready, though it serves what comes.
  public void leaves() {
    isLeaving = true;
  }

  /// Ends what it did as a member; the actor system is to have ended.
  @Override
  public void close() {
    for (AutoCloseable part : parts) {
      try {
        part.close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
    parts.clear();
  }
}
