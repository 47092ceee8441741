package dev.agentrooms.webui.streams;

import dev.agentrooms.store.StreamInfo;
import dev.agentrooms.store.StreamPage;
import dev.agentrooms.webui.streams.ReadQuery.From;
import dev.agentrooms.webui.watch.OpenSockets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.jspecify.annotations.Nullable;

/// Reads a stream in each of the three ways: what is there, waiting for more, and as it comes.
public final class StreamReading {

  // Readers come back, so that caches in between can bring those together who read the same.
  private static final Duration LONGEST = Duration.ofSeconds(60);

  // Of what is kept.
  private static final long BEGINNING = -1;

  private final Streams streams;
  private final Duration longPoll;
  private final Duration keepAlive;
  private final OpenSockets open;
  private final InstantSource clock;

  public StreamReading(
      Streams streams,
      Duration longPoll,
      Duration keepAlive,
      OpenSockets open,
      InstantSource clock) {
    this.streams = streams;
    this.longPoll = longPoll;
    this.keepAlive = keepAlive;
    this.open = open;
    this.clock = clock;
  }

  /// @param allowed for how long the stream may be read; null for no limit
  public CompletionStage<HttpResponse> answer(
      HttpRequest request, String path, ReadQuery query, @Nullable Duration allowed) {
    return switch (query.live()) {
      case NO -> whatIsThere(request, path, query);
      case LONG_POLL -> begun(path, query, place -> poll(path, place, query));
      case SSE ->
          begun(
              path,
              query,
              place -> CompletableFuture.completedFuture(events(place, query, allowed)));
    };
  }

  public CompletionStage<HttpResponse> describe(String path) {
    return streams
        .find(path)
        .thenApply(
            page ->
                page instanceof StreamPage.Found found
                    ? StreamAnswers.described(found.stream())
                    : refusal(page));
  }

  private static HttpResponse refusal(StreamPage page) {
    HttpResponse refusal = StreamAnswers.unlessFound(page);
    return refusal == null ? StreamAnswers.missing() : refusal;
  }

  private CompletionStage<HttpResponse> whatIsThere(
      HttpRequest request, String path, ReadQuery query) {
    if (query.from() instanceof From.Tail) {
      return begun(
          path,
          query,
          place ->
              CompletableFuture.completedFuture(
                  StreamAnswers.tail(new StreamPage.Found(place.stream, List.of(), place.after))));
    }
    long after = query.from() instanceof From.Behind(Offset offset) ? offset.seq() : BEGINNING;
    return streams
        .read(path, after)
        .thenApply(
            page -> {
              if (!(page instanceof StreamPage.Found found)) {
                return refusal(page);
              }
              if (!isRetained(found.stream(), query.from())) {
                return StreamAnswers.notRetained();
              }
              streams.use(found.stream());
              return StreamAnswers.page(request, found, after);
            });
  }

  private static boolean isRetained(StreamInfo stream, From from) {
    return !(from instanceof From.Behind(Offset offset))
        || ((offset.epoch() == null || offset.epoch().equals(stream.epoch()))
            && offset.seq() <= stream.tail());
  }

  /// Where a live reader begins.
  private record Place(StreamInfo stream, long after) {}

  private CompletionStage<HttpResponse> begun(
      String path, ReadQuery query, Function<Place, CompletionStage<HttpResponse>> then) {
    return streams
        .find(path)
        .thenCompose(
            page -> {
              if (!(page instanceof StreamPage.Found found)) {
                return CompletableFuture.completedFuture(refusal(page));
              }
              StreamInfo stream = found.stream();
              if (!isRetained(stream, query.from())) {
                return CompletableFuture.completedFuture(StreamAnswers.notRetained());
              }
              streams.use(stream);
              long after =
                  switch (query.from()) {
                    case From.Start _ -> BEGINNING;
                    case From.Tail _ -> stream.tail();
                    case From.Behind(Offset offset) -> offset.seq();
                  };
              return then.apply(new Place(stream, after));
            });
  }

  private CompletionStage<HttpResponse> poll(String path, Place place, ReadQuery query) {
    return streams
        .await(path, place.after, longPoll, page -> isAnswer(page, place.stream))
        .thenApply(
            page -> {
              if (!(page instanceof StreamPage.Found found)) {
                return refusal(page);
              }
              return found.stream().id() == place.stream.id()
                  ? StreamAnswers.waited(found, cursor(query))
                  : StreamAnswers.notRetained();
            });
  }

  private static boolean isAnswer(StreamPage page, StreamInfo stream) {
    return !(page instanceof StreamPage.Found found)
        || found.stream().id() != stream.id()
        || !found.messages().isEmpty()
        || found.stream().isClosed();
  }

  private HttpResponse events(Place place, ReadQuery query, @Nullable Duration allowed) {
    HttpResponse answer =
        HttpResponse.create()
            .addHeader(RawHeader.create("Cache-Control", "no-cache"))
            .addHeader(RawHeader.create("X-Accel-Buffering", "no"))
            .withEntity(
                HttpEntities.createChunked(
                    MediaTypes.TEXT_EVENT_STREAM.toContentType(),
                    LiveEvents.source(
                        streams,
                        place.stream,
                        place.after,
                        () -> cursor(query),
                        keepAlive,
                        allowed == null || allowed.compareTo(LONGEST) > 0 ? LONGEST : allowed,
                        open)));
    String encoding = EventText.encoding(place.stream.contentType());
    return encoding == null
        ? answer
        : answer.addHeader(RawHeader.create(StreamHeaders.SSE_ENCODING, encoding));
  }

  private String cursor(ReadQuery query) {
    return Cursor.next(
        query.cursor(), clock.instant(), ThreadLocalRandom.current().nextInt(1, 3601));
  }
}
