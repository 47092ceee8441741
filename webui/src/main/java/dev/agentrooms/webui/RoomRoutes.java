package dev.agentrooms.webui;

import dev.agentrooms.http.Problems;
import dev.agentrooms.http.Queries;
import dev.agentrooms.protocol.Delivery;
import dev.agentrooms.protocol.Delta;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.Problem;
import dev.agentrooms.protocol.ProgressAck;
import dev.agentrooms.protocol.ProgressEvent;
import dev.agentrooms.protocol.SessionId;
import dev.agentrooms.webui.room.Position;
import dev.agentrooms.webui.room.Published;
import dev.agentrooms.webui.room.Refused;
import dev.agentrooms.webui.room.Retained;
import dev.agentrooms.webui.room.RoomEvent;
import dev.agentrooms.webui.room.Rooms;
import dev.agentrooms.webui.watch.Positions;
import dev.agentrooms.webui.watch.Refusals;
import dev.agentrooms.webui.watch.RoomDoor;
import dev.agentrooms.webui.watch.Watchers;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/// The HTTP endpoints of rooms: progress in; messages, event streams and WebSockets out.
final class RoomRoutes extends TokenEdge {

  private static final int MAX_DELTA_BYTES = 64 * 1024;
  private static final ByteString COMMA = ByteString.fromString(",");

  private final InternalToken token;
  private final Rooms rooms;
  private final Watchers watchers;
  private final PushedRooms pushed;

  RoomRoutes(
      WebUiSettings settings, RoomDoor door, Rooms rooms, Watchers watchers, PushedRooms pushed) {
    super(settings.hosts(), door);
    this.token = settings.internalToken();
    this.rooms = rooms;
    this.watchers = watchers;
    this.pushed = pushed;
  }

  Route routes() {
    return concat(
        path("ws", () -> get(() -> extractRequest(request -> complete(watchers.socket(request))))),
        pathPrefix(
            "api",
            () ->
                concat(
                    path("messages", () -> get(() -> extractRequest(this::messages))),
                    path("events", () -> get(() -> extractRequest(this::events))),
                    path(
                        PathMatchers.segment("agent").slash("progress"),
                        () -> post(() -> authorized(this::progress))),
                    path(
                        PathMatchers.segment("agent").slash("deltas"),
                        () -> post(() -> authorized(this::deltas))))));
  }

  private Route authorized(Supplier<Route> inner) {
    return extractRequest(
        request -> {
          Optional<String> given = request.getHeader("X-Internal-Token").map(h -> h.value());
          if (token.isGranted(given.orElse(null))) {
            return inner.get();
          }
          return problem(
              given.isEmpty()
                  ? Problem.of(401, "Unauthorized", "The header X-Internal-Token is missing.")
                  : Problem.of(403, "Forbidden", "X-Internal-Token is wrong."));
        });
  }

  private Route progress() {
    return extractRequest(
        request ->
            progress(
                request
                    .getHeader(Delivery.HEADER)
                    .map(header -> Delivery.parse(header.value()))
                    .orElse(null)));
  }

  private Route progress(@Nullable Delivery delivery) {
    return jsonBody(
        ProgressEvent.MAX_BYTES,
        fields -> {
          ProgressEvent event = ProgressEvent.from(fields);
          return onSuccess(
              rooms.publish(event, delivery),
              published ->
                  switch (published) {
                    case Published.Taken(ProgressAck ack) -> {
                      // Deliveries are those of sessions of ours.
                      if (delivery == null) {
                        pushed.saw(event, ack);
                      }
                      yield json(200, ack);
                    }
                    // Only of those who number their requests, which this one does not.
                    case Published.OutOfTurn _ -> complete(Problems.internal());
                    case Refused why -> complete(Refusals.response(why, event.sessionId()));
                  });
        });
  }

  private Route deltas() {
    return jsonBody(
        MAX_DELTA_BYTES,
        fields -> {
          Delta delta = Delta.from(fields);
          rooms.write(delta);
          return json(200, Json.object().put("session_id", delta.sessionId()));
        });
  }

  private Route messages(HttpRequest request) {
    Queries query = Queries.of(request);
    String sessionId = SessionId.checked("session_id", query.required("session_id"));
    Long after = query.number("after", 0, Long.MAX_VALUE);
    int limit = query.integer("limit", 1, Integer.MAX_VALUE, Integer.MAX_VALUE);
    return readable(
        sessionId,
        until ->
            onSuccess(
                rooms.read(sessionId, after == null ? 0 : after, limit),
                reading ->
                    switch (reading) {
                      case Retained retained -> complete(page(sessionId, retained));
                      case Refused why -> complete(Refusals.response(why, sessionId));
                    }));
  }

  // The events are already encoded; only the object around them is written here.
  private static HttpResponse page(String sessionId, Retained retained) {
    byte[] front =
        Json.encode(
            Json.object()
                .put("session_id", sessionId)
                .put("epoch", retained.epoch())
                .put("first_seq", retained.firstSeq())
                .put("last_seq", retained.lastSeq()));
    ByteString body =
        ByteString.fromArray(front, 0, front.length - 1)
            .concat(ByteString.fromString(",\"messages\":["));
    boolean first = true;
    for (RoomEvent event : retained.events()) {
      body = first ? body.concat(event.json()) : body.concat(COMMA).concat(event.json());
      first = false;
    }
    return HttpResponse.create()
        .withEntity(
            HttpEntities.create(
                ContentTypes.APPLICATION_JSON, body.concat(ByteString.fromString("]}"))));
  }

  private Route events(HttpRequest request) {
    Queries query = Queries.of(request);
    String sessionId = SessionId.checked("session_id", query.required("session_id"));
    Position position = Positions.of(request, query);
    boolean deltas = query.flag("deltas", true);
    return readable(
        sessionId,
        until ->
            onSuccess(
                watchers.stream(request, sessionId, position, deltas, until),
                answer -> complete(answer)));
  }
}
