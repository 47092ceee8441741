package dev.agentrooms.adapters.langgraph;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.adapters.AgentApi;
import dev.agentrooms.adapters.EventStream;
import dev.agentrooms.adapters.Refusal;
import dev.agentrooms.adapters.RunFeed;
import dev.agentrooms.http.IdempotencyKey;
import dev.agentrooms.http.Loop;
import dev.agentrooms.protocol.InvalidField;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.webui.Doors;
import dev.agentrooms.webui.watch.Sockets;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;

/// The thread stream: commands in, and what happens in a thread out, over all its runs.
final class ThreadStreamRoutes extends LangGraphEdge {

  private final Commands commands = new Commands(agent);

  ThreadStreamRoutes(Doors doors) {
    super(doors);
  }

  Route commands(String segment) {
    return post(
        () ->
            thread(
                segment,
                (id, until) ->
                    object(
                        body ->
                            extractRequest(
                                request ->
                                    answered(
                                        commands
                                            .carryOut(id, body, IdempotencyKey.of(request))
                                            .thenApply(LangGraphEdge::json))))));
  }

  Route events(String segment) {
    String id = threadId(segment);
    return concat(
        post(() -> readable(id, until -> object(body -> stream(id, body, until)))),
        get(() -> readable(id, until -> socket(id, until))));
  }

  /// A feed that reads in the name of the current request's sender, on any thread.
  private ThreadFeed feed() {
    AgentApi own = agent.bound();
    return new ThreadFeed(own, doors.rooms(), new RunFeed(own, doors.rooms()));
  }

  private Route stream(String threadId, ObjectNode body, @Nullable Instant until) {
    ThreadFilter filter;
    try {
      filter = ThreadFilter.of(body);
    } catch (InvalidField wrong) {
      return refuse(Refusal.of(422, "Invalid request", wrong.detail(), wrong.field()));
    }
    ThreadFeed feed = feed();
    return extractRequest(
        request ->
            answered(
                hole(threadId, filter)
                    .thenApply(
                        hole ->
                            hole != null
                                ? refused(hole)
                                : EventStream.of(
                                    feed.of(
                                            threadId,
                                            filter.since(),
                                            (shown, isInRange) ->
                                                isInRange && filter.includes(shown),
                                            Loop.of(request))
                                        .map(
                                            shown ->
                                                EventStream.event(
                                                    shown.id(),
                                                    ThreadFilter.method(shown.kind()),
                                                    Json.encode(ThreadFilter.event(shown)))),
                                    EventStream.until(until, access.now()),
                                    doors.open()))));
  }

  /// Why a stream cannot begin where it is to; null when it can.
  private CompletionStage<@Nullable Refusal> hole(String threadId, ThreadFilter filter) {
    Long since = filter.since();
    if (since == null) {
      return CompletableFuture.completedFuture(null);
    }
    return doors
        .rooms()
        .read(threadId, 0, 1)
        .thenApply(
            reading ->
                reading instanceof dev.agentrooms.webui.room.Retained retained
                        && retained.firstSeq() > Shown.seqOf(since) + 1
                    ? Refusal.of(
                        410,
                        "Gone",
                        "The events behind since are no longer retained; begin without it.",
                        "since")
                    : null);
  }

  private Route socket(String threadId, @Nullable Instant until) {
    ThreadSocket.Thread thread =
        new ThreadSocket.Thread(threadId, new Commands(agent.bound()), feed(), this::hole);
    return extractRequest(
        request ->
            extractMaterializer(
                materializer ->
                    complete(
                        Sockets.accept(
                            request,
                            doors.origins(),
                            SocketOut.socket(
                                out -> new ThreadSocket(thread, out),
                                doors.open(),
                                EventStream.until(until, access.now()),
                                materializer)))));
  }
}
