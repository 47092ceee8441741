package dev.agentrooms.agent;

import dev.agentrooms.agent.session.SessionReply;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;

/// Clients that wait for the end of a run.
final class RunWaiters {

  private final Map<String, List<ActorRef<SessionReply>>> waiting = new HashMap<>();

  void add(String runId, ActorRef<SessionReply> client) {
    waiting.computeIfAbsent(runId, id -> new ArrayList<>()).add(client);
  }

  /// @param ended what the run has become; made only when somebody waits
  void over(String runId, Supplier<SessionReply> ended) {
    List<ActorRef<SessionReply>> clients = waiting.remove(runId);
    if (clients != null) {
      SessionReply reply = ended.get();
      clients.forEach(client -> client.tell(reply));
    }
  }
}
