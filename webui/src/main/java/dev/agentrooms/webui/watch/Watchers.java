package dev.agentrooms.webui.watch;

import dev.agentrooms.http.Compression;
import dev.agentrooms.http.Loop;
import dev.agentrooms.http.Problems;
import dev.agentrooms.http.access.Caller;
import dev.agentrooms.http.access.Visit;
import dev.agentrooms.protocol.Problem;
import dev.agentrooms.webui.room.Position;
import dev.agentrooms.webui.room.Rooms;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;

/// Lets watchers in: the answers that become a WebSocket or an event stream, or say why not.
public final class Watchers {

  private final Rooms rooms;
  private final WatchSettings settings;
  private final RoomDoor door;
  private final OpenSockets open;
  private final SignedInConnections signedIn;
  private final Function<HttpRequest, @Nullable String> signIn;
  private final WatchMetrics metrics;
  private final SocketWiring sockets;
  private final HandshakeLimit handshakes;

  /// @param signIn by which a request was let in; null for none
  public Watchers(
      Rooms rooms,
      WatchSettings settings,
      RoomDoor door,
      OpenSockets open,
      SignedInConnections signedIn,
      Function<HttpRequest, @Nullable String> signIn,
      MeterRegistry registry) {
    this.rooms = rooms;
    this.door = door;
    this.settings = settings;
    this.open = open;
    this.signedIn = signedIn;
    this.signIn = signIn;
    this.metrics = new WatchMetrics(registry);
    this.sockets = new SocketWiring(rooms, settings.socket(), door, open, metrics);
    this.handshakes = new HandshakeLimit(settings.socket().handshakes(), System::nanoTime);
  }

  /// The room as an event stream.
  ///
  /// @param position where to resume; live events only when null
  /// @param deltas whether text is sent while it is being written
  /// @param until when the reader may read no longer; null for never
  public CompletionStage<HttpResponse> stream(
      HttpRequest request,
      String sessionId,
      @Nullable Position position,
      boolean deltas,
      @Nullable Instant until) {
    return rooms
        .closed(sessionId)
        .thenApply(
            closed ->
                closed
                    .map(why -> Refusals.response(why, sessionId))
                    .orElseGet(() -> opened(request, sessionId, position, deltas, until)));
  }

  private HttpResponse opened(
      HttpRequest request,
      String sessionId,
      @Nullable Position position,
      boolean deltas,
      @Nullable Instant until) {
    boolean gzips = Compression.asksForGzip(request);
    RoomEvents stream =
        new RoomEvents(
            rooms,
            sessionId,
            position,
            deltas,
            settings.eventsKeepAlive(),
            until == null ? null : Duration.between(door.access().now(), until),
            Loop.of(request),
            gzips,
            open,
            metrics);
    HttpResponse response = HttpResponse.create().addHeader(Compression.VARY);
    return (gzips ? response.addHeader(Compression.GZIPPED) : response)
        .addHeader(RawHeader.create("Cache-Control", "no-store"))
        // A proxy that collects answers would hold the events back.
        .addHeader(RawHeader.create("X-Accel-Buffering", "no"))
        .withEntity(
            HttpEntities.createChunked(
                MediaTypes.TEXT_EVENT_STREAM.toContentType(), Source.fromGraph(stream)));
  }

  /// A WebSocket, which may sit in any rooms.
  public HttpResponse socket(HttpRequest request) {
    HttpResponse answer = answer(request);
    metrics.handshake(answer.status().intValue());
    return answer;
  }

  private HttpResponse answer(HttpRequest request) {
    return switch (Handshake.of(request)) {
      case Handshake.Refused(int status, String detail, var headers) ->
          Problems.response(
                  Problem.of(status, status == 426 ? "Upgrade required" : "Bad request", detail))
              .addHeaders(headers);
      case Handshake.Accepted accepted ->
          settings.origins().allows(request)
              ? admitted(request, accepted)
              : Problems.response(
                  Problem.of(403, "Forbidden", "This Origin may not open a socket."));
    };
  }

  private HttpResponse admitted(HttpRequest request, Handshake.Accepted accepted) {
    if (open.isClosing()) {
      return Problems.unavailable("The server stops.");
    }
    boolean isWithinRate = limited(request).map(handshakes::take).orElse(true);
    // A socket that held its request would keep all headers of it for as long as it is open.
    @Nullable String session = signIn.apply(request);
    return isWithinRate
        ? accepted.response(
            new RoomSocket(
                sockets,
                new Peer(
                    door.access().visit(request),
                    door.access().from(request).orElse(null),
                    Loop.of(request),
                    accepted.deflates(),
                    end -> signedIn.opened(session, end))))
        : Problems.unavailable("Too many handshakes.");
  }

  /// Whom the limit is for: the user, where there is one; else the address.
  private Optional<Object> limited(HttpRequest request) {
    return door.access().visit(request) instanceof Visit.Known(Caller.User user, var _)
        ? Optional.of(user.id())
        : door.access().from(request).map(address -> address);
  }
}
