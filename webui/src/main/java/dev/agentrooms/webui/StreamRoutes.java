package dev.agentrooms.webui;

import dev.agentrooms.http.HeadOnly;
import dev.agentrooms.http.HttpAddress;
import dev.agentrooms.http.Origins;
import dev.agentrooms.http.Problems;
import dev.agentrooms.http.access.Access;
import dev.agentrooms.protocol.Fields;
import dev.agentrooms.protocol.Problem;
import dev.agentrooms.store.StreamAppend;
import dev.agentrooms.store.StreamWish;
import dev.agentrooms.webui.streams.ReadQuery;
import dev.agentrooms.webui.streams.StreamAnswers;
import dev.agentrooms.webui.streams.StreamHeaders;
import dev.agentrooms.webui.streams.StreamPath;
import dev.agentrooms.webui.streams.StreamReading;
import dev.agentrooms.webui.streams.Streams;
import dev.agentrooms.webui.streams.SubscriptionApi;
import dev.agentrooms.webui.watch.RoomDoor;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.server.MethodRejection;
import org.apache.pekko.http.javadsl.server.RejectionHandler;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;

/// The HTTP endpoints of streams, at `/v1/stream/{path}`.
final class StreamRoutes extends TokenEdge {

  static final String ROOT = "/v1/stream/";

  private static final int ROOT_SEGMENTS = 2;
  private static final int MAX_APPEND_BYTES = 1024 * 1024;
  private static final String ROOMS = "rooms/";
  private static final String LINKS = "streams/";
  private static final HttpHeader RESOURCE_POLICY =
      RawHeader.create("Cross-Origin-Resource-Policy", "cross-origin");

  private final Streams streams;
  private final StreamReading reading;
  private final SubscriptionApi subscriptions;
  private final InternalToken token;
  private final Origins origins;
  private final String scheme;
  private final @Nullable URI publicUrl;
  private final InstantSource clock;

  StreamRoutes(
      WebUiSettings settings,
      RoomDoor door,
      Streams streams,
      StreamReading reading,
      SubscriptionApi subscriptions,
      InstantSource clock) {
    super(settings.hosts(), door);
    this.streams = streams;
    this.reading = reading;
    this.subscriptions = subscriptions;
    this.token = settings.internalToken();
    this.origins = settings.watch().origins();
    this.publicUrl = settings.publicUrl();
    this.scheme = settings.http().scheme();
    this.clock = clock;
  }

  /// Where the streams are, for those who are told of them.
  static String root(WebUiSettings settings) {
    URI known = settings.publicUrl();
    HttpAddress address = settings.http().address();
    return (known == null
            ? settings.http().scheme() + "://" + address.host() + ":" + address.port()
            : known.toString())
        + ROOT;
  }

  Route routes() {
    return pathPrefix(
        "v1",
        () ->
            pathPrefix(
                "stream",
                () -> extractRequest(request -> shared(request, () -> refused(stream(request))))));
  }

  /// What else is below `/v1` has words of its own for what nothing here answers.
  private Route refused(Route routes) {
    return handleRejections(
        RejectionHandler.newBuilder()
            .handleAll(
                MethodRejection.class,
                rejections -> complete(Problems.methodNotAllowed(allow(rejections))))
            .handleNotFound(complete(Problems.notFound()))
            .build(),
        () -> routes);
  }

  /// Lets pages of allowed origins read the answer.
  private Route shared(HttpRequest request, Supplier<Route> inner) {
    String origin = StreamHeaders.text(request, "Origin");
    List<HttpHeader> headers = new ArrayList<>();
    headers.add(RESOURCE_POLICY);
    if (origin != null) {
      headers.add(RawHeader.create("Vary", "Origin"));
      if (origins.allows(request)) {
        headers.add(RawHeader.create("Access-Control-Allow-Origin", origin));
        headers.add(RawHeader.create("Access-Control-Expose-Headers", StreamHeaders.SHOWN));
      }
    }
    return mapResponse(response -> response.addHeaders(headers), inner);
  }

  private Route stream(HttpRequest request) {
    String path = StreamPath.of(request, ROOT_SEGMENTS);
    if (SubscriptionApi.isReserved(path)) {
      return reserved(request, path);
    }
    return concat(
        get(() -> read(request, path)),
        put(() -> writable(request, () -> make(path))),
        post(() -> writable(request, () -> append(path))),
        delete(() -> writable(request, () -> done(streams.delete(path), StreamAnswers::deleted))),
        options(() -> complete(preflight())));
  }

  private <T> Route done(CompletionStage<T> stage, Function<T, HttpResponse> answer) {
    return onSuccess(
        stage.thenApply(answer).exceptionally(StreamAnswers::failed), done -> complete(done));
  }

  private Route reserved(HttpRequest request, String path) {
    if (SubscriptionApi.isKeys(path)) {
      return get(() -> complete(subscriptions.keys()));
    }
    SubscriptionApi.Target target = SubscriptionApi.target(path);
    if (target == null) {
      return reject();
    }
    String id = target.id();
    if (target.rest().isEmpty()) {
      return concat(
          get(() -> writable(request, () -> said(subscriptions.get(id)))),
          put(() -> writable(request, () -> asked(body -> subscriptions.put(id, body)))),
          delete(() -> writable(request, () -> said(subscriptions.delete(id)))));
    }
    if (target.isOfWorker()) {
      return post(() -> asked(body -> subscriptions.finish(target, Access.token(request), body)));
    }
    if (target.rest().equals("claim")) {
      return post(() -> writable(request, () -> asked(body -> subscriptions.claim(id, body))));
    }
    if (target.rest().equals("streams")) {
      return post(() -> writable(request, () -> asked(body -> subscriptions.add(id, body))));
    }
    return target.rest().startsWith(LINKS)
        ? delete(
            () ->
                writable(
                    request,
                    () -> said(subscriptions.remove(id, target.rest().substring(LINKS.length())))))
        : reject();
  }

  private Route said(CompletionStage<HttpResponse> answer) {
    return done(answer, said -> said);
  }

  private Route asked(Function<Fields, CompletionStage<HttpResponse>> then) {
    return jsonBody(MAX_APPEND_BYTES, body -> said(then.apply(body)));
  }

  private static HttpResponse preflight() {
    return HttpResponse.create()
        .withStatus(StatusCodes.NO_CONTENT)
        .addHeader(RawHeader.create("Access-Control-Allow-Methods", "GET, HEAD, PUT, POST, DELETE"))
        .addHeader(RawHeader.create("Access-Control-Allow-Headers", StreamHeaders.SENT))
        .addHeader(RawHeader.create("Access-Control-Max-Age", "600"));
  }

  private Route make(String path) {
    return anyBody(
        MAX_APPEND_BYTES,
        body ->
            extractRequest(
                request -> {
                  StreamWish wish = StreamHeaders.wish(request, path, body, ROOT);
                  return done(streams.make(wish), made -> StreamAnswers.made(made, url(request)));
                }));
  }

  private String url(HttpRequest request) {
    return base(request) + request.getUri().path();
  }

  private String base(HttpRequest request) {
    return publicUrl == null
        ? scheme + "://" + StreamHeaders.text(request, "Host")
        : publicUrl.toString();
  }

  private Route append(String path) {
    return anyBody(
        MAX_APPEND_BYTES,
        body ->
            extractRequest(
                request -> {
                  StreamAppend what = StreamHeaders.append(request, body);
                  return done(
                      streams.append(path, what),
                      appended -> StreamAnswers.appended(appended, what));
                }));
  }

  private Route read(HttpRequest request, String path) {
    if (isProducer(request)) {
      return read(request, path, null);
    }
    return path.startsWith(ROOMS)
        ? readable(path.substring(ROOMS.length()), until -> read(request, path, until))
        // A link to it has its name where others have a session's.
        : readableByName(path, until -> read(request, path, until));
  }

  private Route read(HttpRequest request, String path, @Nullable Instant until) {
    if (HeadOnly.is(request)) {
      return done(reading.describe(path), answer -> answer);
    }
    ReadQuery query = ReadQuery.of(request);
    Duration allowed = until == null ? null : Duration.between(clock.instant(), until);
    return done(reading.answer(request, path, query, allowed), answer -> answer);
  }

  private boolean isProducer(HttpRequest request) {
    String given = internal(request);
    return given != null && token.secret() != null && token.isGranted(given);
  }

  private static @Nullable String internal(HttpRequest request) {
    String header = StreamHeaders.text(request, "X-Internal-Token");
    return header == null ? Access.token(request) : header;
  }

  /// Requires the producers' token; and of a page, that it is one of an allowed origin.
  private Route writable(HttpRequest request, Supplier<Route> inner) {
    if (!origins.allows(request)) {
      return problem(Problem.of(403, "Forbidden", "Pages of this origin may not write streams."));
    }
    String given = internal(request);
    if (token.isGranted(given)) {
      return inner.get();
    }
    return given == null
        ? complete(refused(Problem.of(401, "Unauthorized", "Writing needs the producers' token.")))
        : problem(Problem.of(403, "Forbidden", "The token is wrong."));
  }
}
