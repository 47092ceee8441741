package dev.agentrooms.adapters.langgraph;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.adapters.AgentApi;
import dev.agentrooms.adapters.Answer;
import dev.agentrooms.adapters.Departures;
import dev.agentrooms.adapters.EventStream;
import dev.agentrooms.adapters.Refusal;
import dev.agentrooms.adapters.langgraph.RunStarts.Started;
import dev.agentrooms.http.IdempotencyKey;
import dev.agentrooms.http.Loop;
import dev.agentrooms.http.Queries;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.webui.Doors;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/// Runs of a thread: started, waited for, streamed, cancelled.
final class RunRoutes extends LangGraphEdge {

  private static final Duration KEEP_ALIVE = Duration.ofSeconds(15);
  private static final int CANCEL_SECONDS = 30;

  private final RunStarts starts = new RunStarts(agent);
  private final RunStream stream = new RunStream(agent, runs);
  private final RunList list = new RunList(agent);
  private final Departures departures;

  RunRoutes(Doors doors, Departures departures) {
    super(doors);
    this.departures = departures;
  }

  /// What is below `/threads/{thread_id}/runs`.
  Route routes(String thread) {
    return concat(
        pathEnd(
            () ->
                concat(
                    get(() -> thread(thread, (id, until) -> extractRequest(r -> list(r, id)))),
                    post(
                        () ->
                            thread(
                                thread,
                                (id, until) -> starting(id, (r, body, run) -> created(id, run)))))),
        path(
            "wait",
            () ->
                post(
                    () ->
                        thread(
                            thread,
                            (id, until) ->
                                starting(id, (r, body, run) -> done(waited(r, id, run)))))),
        path(
            "stream",
            () ->
                post(
                    () ->
                        thread(thread, (id, until) -> object(body -> streaming(id, body, until))))),
        pathPrefix(PathMatchers.segment(), run -> one(thread, run)));
  }

  private Route one(String thread, String run) {
    return concat(
        pathEnd(() -> get(() -> found(thread, run, view -> json(Views.run(view, null))))),
        path(
            "join",
            () ->
                get(
                    () ->
                        extractRequest(
                            request -> found(thread, run, view -> joined(request, thread, run))))),
        path("stream", () -> get(() -> extractRequest(request -> resumed(request, thread, run)))),
        path("cancel", () -> post(() -> extractRequest(request -> cancel(request, thread, run)))));
  }

  private interface Then {
    CompletionStage<HttpResponse> of(HttpRequest request, JsonNode body, Started.Run run);
  }

  private static CompletionStage<HttpResponse> done(HttpResponse response) {
    return CompletableFuture.completedFuture(response);
  }

  private Route starting(String threadId, Then then) {
    return object(body -> starting(threadId, body, then));
  }

  private Route starting(String threadId, ObjectNode body, Then then) {
    return extractRequest(
        request ->
            answered(
                starts
                    .start(threadId, body, IdempotencyKey.of(request), false)
                    .thenCompose(
                        started ->
                            switch (started) {
                              case Started.Refused(Refusal why) -> done(refusedAs(why));
                              case Started.Run run ->
                                  then.of(request, body, run)
                                      .thenApply(r -> r.addHeader(location(threadId, run.runId())));
                            })));
  }

  private static HttpHeader location(String threadId, String runId) {
    return RawHeader.create("Content-Location", path(threadId, runId));
  }

  // The client puts its own base path before it.
  private static String path(String threadId, String runId) {
    return "/threads/" + threadId + "/runs/" + runId;
  }

  private CompletionStage<HttpResponse> created(String threadId, Started.Run run) {
    return agent
        .run(threadId, run.runId())
        .thenApply(read -> answer(read, view -> json(Views.run(view, run.strategy()))));
  }

  private HttpResponse waited(HttpRequest request, String threadId, Started.Run run) {
    Source<Shown, NotUsed> shown =
        stream.of(threadId, run.runId(), run.answered(), Loop.of(request));
    return whole(run.cancelsAlone() ? watched(shown, threadId, run.runId()) : shown);
  }

  private HttpResponse joined(HttpRequest request, String threadId, String runId) {
    Source<Shown, NotUsed> shown = stream.of(threadId, runId, null, Loop.of(request));
    boolean isAlone = Queries.of(request).flag("cancel_on_disconnect", false);
    return whole(isAlone ? watched(shown, threadId, runId) : shown);
  }

  /// One JSON value that comes when the run has ended, behind line breaks that keep the connection.
  private static HttpResponse whole(Source<Shown, NotUsed> run) {
    Source<ByteString, NotUsed> bytes =
        RunStream.values(run)
            .map(values -> ByteString.fromArrayUnsafe(Json.encode(values)))
            .keepAlive(KEEP_ALIVE, () -> ByteString.fromString("\n"));
    return HttpResponse.create()
        .withEntity(HttpEntities.createChunked(ContentTypes.APPLICATION_JSON, bytes));
  }

  private Source<Shown, NotUsed> watched(
      Source<Shown, NotUsed> run, String threadId, String runId) {
    // Whoever has gone is who cancels.
    AgentApi own = agent.bound();
    return run.via(
        departures.watch(
            threadId + "/" + runId,
            shown -> shown.kind() == Shown.Kind.END,
            () -> {
              if (!doors.open().isClosing()) {
                own.cancel(threadId, runId, 0);
              }
            }));
  }

  private Route streaming(String threadId, ObjectNode body, @Nullable Instant until) {
    StreamModes modes = StreamModes.of(body.path("stream_mode"));
    return modes.areKnown()
        ? starting(
            threadId,
            body,
            (request, json, run) ->
                done(
                    stream(
                        request,
                        threadId,
                        run.runId(),
                        stream.of(threadId, run.runId(), run.answered(), Loop.of(request)),
                        new Reading(modes, null, run.cancelsAlone(), until))))
        : refuse(Refusal.unsupported("stream_mode"));
  }

  /// How a stream is read.
  ///
  /// @param seen null from the first event
  /// @param cancelsAlone whether the run is cancelled when the reader goes away
  private record Reading(
      StreamModes modes, @Nullable Cursor seen, boolean cancelsAlone, @Nullable Instant until) {}

  private HttpResponse stream(
      HttpRequest request,
      String threadId,
      String runId,
      Source<Shown, NotUsed> shown,
      Reading reading) {
    Source<Shown, NotUsed> run = reading.cancelsAlone() ? watched(shown, threadId, runId) : shown;
    String query =
        reading.modes().query() + (reading.cancelsAlone() ? "&cancel_on_disconnect=1" : "");
    return EventStream.of(
            RunStream.events(run, reading.modes(), reading.seen()),
            EventStream.until(reading.until(), access.now()),
            doors.open())
        .addHeader(RawHeader.create("Location", path(threadId, runId) + "/stream?" + query));
  }

  private Route resumed(HttpRequest request, String thread, String run) {
    String runId = runId(run);
    StreamModes modes = StreamModes.of(request.getUri().query().getAll("stream_mode"));
    Cursor seen = Cursor.of(request.getHeader("Last-Event-ID").map(HttpHeader::value).orElse(null));
    boolean isAlone = Queries.of(request).flag("cancel_on_disconnect", false);
    if (!modes.areKnown()) {
      return refuse(Refusal.unsupported("stream_mode"));
    }
    return thread(
        thread,
        (id, until) ->
            answered(
                agent
                    .run(id, runId)
                    .thenApply(
                        read ->
                            answer(
                                read,
                                view ->
                                    stream(
                                            request,
                                            id,
                                            runId,
                                            stream.of(id, runId, null, Loop.of(request)),
                                            new Reading(modes, seen, isAlone, until))
                                        .addHeader(location(id, runId))))));
  }

  private Route found(String thread, String run, Function<JsonNode, HttpResponse> inner) {
    String runId = runId(run);
    return thread(
        thread,
        (id, until) -> answered(agent.run(id, runId).thenApply(read -> answer(read, inner))));
  }

  private Route cancel(HttpRequest request, String thread, String run) {
    String runId = runId(run);
    Queries query = Queries.of(request);
    boolean waits = query.flag("wait", false);
    String action = query.text("action");
    if (action != null && !action.equals("interrupt")) {
      return refuse(Refusal.unsupported("action"));
    }
    return thread(
        thread,
        (id, until) ->
            answered(
                agent
                    .cancel(id, runId, waits ? CANCEL_SECONDS : 0)
                    .thenApply(
                        answer ->
                            answer.fold(
                                done ->
                                    waits && done.status() == 200
                                        ? status(204)
                                        : json(Json.object()).withStatus(202),
                                this::refusedAs))));
  }

  private Route list(HttpRequest request, String threadId) {
    Queries query = Queries.of(request);
    RunList.Wanted wanted =
        new RunList.Wanted(
            query.integer("limit", 0, 1000, 10),
            query.integer("offset", 0, Integer.MAX_VALUE, 0),
            query.text("status"));
    return answered(
        agent
            .session(threadId)
            .thenCompose(
                session ->
                    session instanceof Answer.Refused(Refusal why)
                        ? done(refusedAs(why))
                        : list.of(threadId, wanted).thenApply(LangGraphEdge::json)));
  }
}
