package dev.agentrooms.agent;

import dev.agentrooms.agent.SessionProtocol.Asked;
import dev.agentrooms.agent.SessionProtocol.Await;
import dev.agentrooms.agent.SessionProtocol.Follow;
import dev.agentrooms.agent.SessionProtocol.Request;
import dev.agentrooms.agent.session.SessionReply;
import dev.agentrooms.protocol.RunEvents.Numbered;
import dev.agentrooms.protocol.RunStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Those who wait for the end of a session's runs, or for a run to ask a person, and those who wait
/// for a run's next event.
///
/// Nobody says here that they wait no longer: whoever has waited for too long has given up, and is
/// forgotten when another comes.
final class RunListeners {

  /// How long somebody waits before they ask again.
  static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final Duration LONGEST = Duration.ofSeconds(30);

  private record Waiting(Asked request, Instant since) {}

  private final InstantSource clock;
  private final Map<String, List<Waiting>> awaiting = new HashMap<>();
  private final Map<String, List<Waiting>> following = new HashMap<>();

  RunListeners(InstantSource clock) {
    this.clock = clock;
  }

  /// @param now what the run is
  void await(Await request, SessionReply now) {
    if (isOver(now) || isWaiting(now)) {
      request.replyTo().tell(now);
    } else {
      keep(awaiting, request.runId(), request);
    }
  }

  /// @param now what the run is
  /// @param soFar its events that the follower does not have
  void follow(Follow request, SessionReply now, Supplier<List<Numbered>> soFar) {
    if (!(now instanceof SessionReply.OneRun)) {
      request.replyTo().tell(now);
      return;
    }
    List<Numbered> events = soFar.get();
    if (events.isEmpty() && !isOver(now)) {
      keep(following, request.runId(), request);
    } else {
      request.replyTo().tell(new SessionReply.Following(events, isOver(now)));
    }
  }

  private static boolean isOver(SessionReply run) {
    return !(run instanceof SessionReply.OneRun(var view)) || view.status().isFinal();
  }

  private static boolean isWaiting(SessionReply run) {
    return run instanceof SessionReply.OneRun(var view) && view.status() == RunStatus.WAITING;
  }

  private void keep(Map<String, List<Waiting>> waiting, String runId, Asked request) {
    Instant now = clock.instant();
    List<Waiting> others = waiting.computeIfAbsent(runId, id -> new ArrayList<>());
    if (Integer.bitCount(others.size()) == 1) {
      others.removeIf(each -> each.since().plus(LONGEST).isBefore(now));
    }
    others.add(new Waiting(request, now));
  }

  /// @param n the event's number
  /// @param event made only when somebody follows
  void tell(String runId, int n, Supplier<Numbered> event) {
    List<Waiting> followers = following.remove(runId);
    if (followers == null) {
      return;
    }
    SessionReply reply = new SessionReply.Following(List.of(event.get()), false);
    for (Waiting each : followers) {
      // Whoever has stopped reading at a later event waits for those behind it.
      if (each.request() instanceof Follow follow && follow.after() >= n) {
        keep(following, runId, follow);
      } else {
        each.request().replyTo().tell(reply);
      }
    }
  }

  /// @param ended what the run has become; made only when somebody waits
  void over(String runId, Supplier<SessionReply> ended) {
    List<Waiting> followers = following.remove(runId);
    if (followers != null) {
      SessionReply reply = new SessionReply.Following(List.of(), true);
      followers.forEach(each -> each.request().replyTo().tell(reply));
    }
    answer(runId, ended);
  }

  /// The run waits for a person, and clients wait no longer for it.
  ///
  /// @param now what the run is; made only when somebody waits
  void waits(String runId, Supplier<SessionReply> now) {
    answer(runId, now);
  }

  private void answer(String runId, Supplier<SessionReply> now) {
    List<Waiting> clients = awaiting.remove(runId);
    if (clients != null) {
      SessionReply reply = now.get();
      clients.forEach(each -> each.request().replyTo().tell(reply));
    }
  }

  /// The session goes elsewhere, and those who wait with it.
  void moveTo(Consumer<Request> nextLife) {
    for (Map<String, List<Waiting>> waiting : List.of(awaiting, following)) {
      waiting.values().forEach(all -> all.forEach(each -> nextLife.accept(each.request())));
      waiting.clear();
    }
  }
}
