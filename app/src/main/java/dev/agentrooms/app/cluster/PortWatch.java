package dev.agentrooms.app.cluster;

import dev.agentrooms.app.cluster.Rounds.Answer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.UniqueAddress;
import org.apache.pekko.cluster.typed.Cluster;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tries the cluster ports of the other nodes four times a second, and removes those that have
/// died: in half a second, where heartbeats that stay away would take ten.
final class PortWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(PortWatch.class);
  private static final long ROUND_MILLIS = 250;
  private static final int CONNECT_MILLIS = 250;

  // Exiting ones are about to close their ports, and are removed by themselves.
  private static final Set<MemberStatus> WATCHED =
      Set.of(
          MemberStatus.joining(),
          MemberStatus.weaklyUp(),
          MemberStatus.up(),
          MemberStatus.leaving());

  private final ActorSystem<?> system;
  private final Cluster cluster;
  private final ExecutorService probes =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("cluster-port-", 0).factory());
  private final Set<UniqueAddress> removed = new HashSet<>();
  private Rounds<UniqueAddress> rounds = Rounds.none();

  private PortWatch(ActorSystem<?> system) {
    this.system = system;
    this.cluster = Cluster.get(system);
  }

  static AutoCloseable start(ActorSystem<?> system) {
    PortWatch watch = new PortWatch(system);
    Beating beating = Beating.every(ROUND_MILLIS, "cluster-ports", watch::look);
    return () -> {
      beating.close();
      watch.close();
    };
  }

  private void look() {
    if (cluster.isTerminated()) {
      return;
    }
    Map<UniqueAddress, CompletableFuture<Answer>> asked = new HashMap<>();
    for (Member member : cluster.state().getMembers()) {
      UniqueAddress node = member.uniqueAddress();
      if (WATCHED.contains(member.status()) && !node.equals(cluster.selfMember().uniqueAddress())) {
        asked.put(node, CompletableFuture.supplyAsync(() -> answer(node.address()), probes));
      }
    }
    Map<UniqueAddress, Answer> round = new HashMap<>();
    asked.forEach((node, answer) -> round.put(node, answer.join()));
    rounds = rounds.after(round);
    removed.retainAll(round.keySet());
    for (UniqueAddress node : rounds.dead()) {
      if (removed.add(node)) {
        LOG.warn("{} has died: nothing listens at its port; it is removed", node.address());
        Removal.of(system, node);
      }
    }
  }

  private static Answer answer(Address node) {
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(node.getHost().orElse(""), node.getPort().orElse(0)),
          CONNECT_MILLIS);
      return Answer.ANSWERED;
    } catch (ConnectException e) {
      boolean isRefused = String.valueOf(e.getMessage()).contains("refused");
      return isRefused ? Answer.REFUSED : Answer.SILENT;
    } catch (IOException e) {
      return Answer.SILENT;
    }
  }

  @Override
  public void close() {
    probes.shutdownNow();
  }
}
