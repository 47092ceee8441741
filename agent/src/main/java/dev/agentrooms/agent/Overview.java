package dev.agentrooms.agent;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.agent.session.SessionReply;
import dev.agentrooms.http.NodeReports;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.SessionView;
import dev.agentrooms.store.SessionStore;
import dev.agentrooms.store.SessionStore.OpenSession;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;

/// What operators see of the agent: each node's runs and tools, and the sessions that have a run,
/// wherever they live.
final class Overview {

  // Of sessions with something to do, the oldest; each is asked.
  private static final int SHOWN = 100;
  private static final Instant WHENEVER = Instant.ofEpochMilli(Long.MAX_VALUE);

  private final NodeReports nodes;
  private final SessionStore store;
  private final Sessions sessions;
  private final Sweeper counts;

  private Overview(NodeReports nodes, SessionStore store, Sessions sessions, Sweeper counts) {
    this.nodes = nodes;
    this.store = store;
    this.sessions = sessions;
    this.counts = counts;
  }

  static Overview start(
      ActorSystem<?> system,
      MeterRegistry meters,
      SessionWiring wiring,
      Sessions sessions,
      Sweeper counts) {
    NodeReports nodes =
        NodeReports.start(
            system,
            "agent",
            () -> {
              ObjectNode node =
                  Json.object()
                      .put("running", wiring.slots().running())
                      .put("waiting", wiring.slots().waiting())
                      .put("undelivered", wiring.backlog().size());
              node.set("tools", tools(meters));
              return node;
            });
    return new Overview(nodes, wiring.store().sessions(), sessions, counts);
  }

  /// How often each tool was called on this node since its start, by outcome.
  private static ArrayNode tools(MeterRegistry meters) {
    ArrayNode tools = Json.object().putArray("tools");
    for (Timer calls : meters.find("agentrooms.tool.duration").timers()) {
      if (calls.count() > 0) {
        tools
            .addObject()
            .put("tool", calls.getId().getTag("tool"))
            .put("outcome", calls.getId().getTag("outcome"))
            .put("calls", calls.count());
      }
    }
    return tools;
  }

  CompletionStage<ObjectNode> json() {
    return nodes
        .all()
        .thenCombine(
            active(),
            (each, active) -> {
              ObjectNode all =
                  Json.object()
                      .put("sessions", counts.sessions())
                      .put("awaiting_input", counts.waiting());
              all.set("nodes", each);
              all.set("active", active);
              return all;
            });
  }

  private CompletionStage<ArrayNode> active() {
    return store
        .open(null, WHENEVER, SHOWN)
        .exceptionally(away -> List.of())
        .thenCompose(
            open -> {
              List<CompletableFuture<Optional<ObjectNode>>> lines =
                  open.stream().map(this::line).toList();
              return CompletableFuture.allOf(lines.toArray(CompletableFuture[]::new))
                  .thenApply(
                      _ -> {
                        ArrayNode active = Json.object().putArray("active");
                        lines.forEach(line -> line.join().ifPresent(active::add));
                        return active;
                      });
            });
  }

  private CompletableFuture<Optional<ObjectNode>> line(OpenSession open) {
    return sessions
        .get(open.sessionId())
        .<Optional<ObjectNode>>handle(
            (reply, failure) ->
                reply instanceof SessionReply.Session(SessionView view, var _)
                    ? line(view)
                    : Optional.empty())
        .toCompletableFuture();
  }

  private static Optional<ObjectNode> line(SessionView view) {
    return Optional.ofNullable(view.run())
        .map(
            run ->
                Json.object()
                    .put("session_id", view.sessionId())
                    .put("title", Objects.requireNonNullElse(view.title(), view.sessionId()))
                    .put("run_id", run.runId())
                    .put("status", run.status().word())
                    .put("since", run.createdAt().toString())
                    .put("queued", view.queued()));
  }
}
