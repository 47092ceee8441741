package dev.agentrooms.agent;

import dev.agentrooms.agent.SessionProtocol.Await;
import dev.agentrooms.agent.SessionProtocol.Follow;
import dev.agentrooms.agent.session.SessionReply;
import dev.agentrooms.protocol.RunEvents.Numbered;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;

/// Those who wait for the end of a session's runs, and those who follow them event by event.
final class RunListeners {

  private final RunReaders readers = new RunReaders();
  private final Map<String, List<ActorRef<SessionReply>>> waiting = new HashMap<>();

  /// @param now what the run is
  void await(Await request, SessionReply now) {
    if (goesOn(now)) {
      waiting.computeIfAbsent(request.runId(), id -> new ArrayList<>()).add(request.replyTo());
    } else {
      request.replyTo().tell(now);
    }
  }

  /// @param now what the run is
  /// @param soFar its events that the follower has not
  void follow(Follow request, SessionReply now, Supplier<List<Numbered>> soFar) {
    if (goesOn(now)) {
      readers.add(request.runId(), request.reader());
    } else {
      request.reader().complete();
    }
    request
        .replyTo()
        .tell(now instanceof SessionReply.OneRun ? new SessionReply.Following(soFar.get()) : now);
  }

  private static boolean goesOn(SessionReply run) {
    return run instanceof SessionReply.OneRun(var view) && !view.status().isFinal();
  }

  void tell(String runId, Supplier<Numbered> event) {
    readers.tell(runId, event);
  }

  /// @param ended what the run has become; made only when somebody waits
  void over(String runId, Supplier<SessionReply> ended) {
    readers.over(runId);
    List<ActorRef<SessionReply>> clients = waiting.remove(runId);
    if (clients != null) {
      SessionReply reply = ended.get();
      clients.forEach(client -> client.tell(reply));
    }
  }

  void allOver() {
    readers.allOver();
  }
}
