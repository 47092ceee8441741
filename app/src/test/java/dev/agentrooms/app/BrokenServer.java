package dev.agentrooms.app;

import dev.agentrooms.http.Settings;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Down;

/// A server with an injected fault, fatal or not.
final class BrokenServer {

  private BrokenServer() {}

  /// @param args the fault
  public static void main(String[] args) {
    AgentRooms rooms = UpCommand.serve(Settings.load(), Role.installed());
    ActorSystem<Void> system = rooms.system().orElseThrow();
    switch (args[0]) {
      case "errorInAnActor" ->
          system.systemActorOf(
              Behaviors.setup(
                  context -> Behaviors.withStash(recurse(0), stash -> Behaviors.empty())),
              "endless",
              Props.empty());
      case "errorInAThread" -> new Thread(() -> recurse(0), "unknown-1").start();
      case "errorInAVirtualThread" -> Thread.ofVirtual().name("unknown-2").start(() -> recurse(0));
      case "exceptionInAThread" ->
          new Thread(
                  () -> {
                    throw new IllegalStateException("a mistake");
                  },
                  "unknown-3")
              .start();
      case "removedFromTheCluster" -> {
        Cluster cluster = Cluster.get(system);
        cluster.manager().tell(new Down(cluster.selfMember().address()));
      }
      case "httpClientsDie" -> {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
          if (thread.getName().endsWith("-SelectorManager")) {
            thread.interrupt();
            join(thread);
          }
        }
        System.out.println("They are dead.");
      }
      case "outOfMemory" -> {
        byte[][] all = new byte[1_000_000][];
        for (int i = 0; i < all.length; i++) {
          all[i] = new byte[1_000_000];
        }
      }
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @SuppressWarnings("InfiniteRecursion")
  private static int recurse(int depth) {
    return recurse(depth + 1) + 1;
  }
}
