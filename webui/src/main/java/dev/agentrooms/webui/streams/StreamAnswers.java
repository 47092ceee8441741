package dev.agentrooms.webui.streams;

import dev.agentrooms.http.Headers;
import dev.agentrooms.http.Problems;
import dev.agentrooms.protocol.Problem;
import dev.agentrooms.store.StoreFailure;
import dev.agentrooms.store.StreamAppend;
import dev.agentrooms.store.StreamAppended;
import dev.agentrooms.store.StreamInfo;
import dev.agentrooms.store.StreamMade;
import dev.agentrooms.store.StreamPage;
import dev.agentrooms.store.StreamStore;
import dev.agentrooms.webui.watch.Refusals;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What became of a request, as an HTTP answer.
public final class StreamAnswers {

  private static final Logger LOG = LoggerFactory.getLogger(StreamAnswers.class);

  // What is behind the tail of a page that was full never changes.
  private static final String FOR_A_WHILE = "private, max-age=60, stale-while-revalidate=300";

  private StreamAnswers() {}

  private static HttpHeader header(String name, String value) {
    return RawHeader.create(name, value);
  }

  private static HttpResponse of(int status, List<HttpHeader> headers) {
    return HttpResponse.create().withStatus(StatusCodes.get(status)).addHeaders(headers);
  }

  private static HttpResponse problem(int status, String title, String detail) {
    return Problems.response(Problem.of(status, title, detail));
  }

  private static List<HttpHeader> place(StreamInfo stream, long seq) {
    List<HttpHeader> headers = new ArrayList<>();
    headers.add(header(StreamHeaders.NEXT_OFFSET, Offset.text(stream.epoch(), seq)));
    if (stream.isClosed() && seq >= stream.tail()) {
      headers.add(header(StreamHeaders.CLOSED, "true"));
    }
    return headers;
  }

  static HttpResponse missing() {
    return problem(404, "Unknown stream", "There is no stream at this path.");
  }

  static HttpResponse gone() {
    return problem(410, "Gone", "The stream has been deleted; its forks still read it.");
  }

  static HttpResponse notRetained() {
    return problem(
        410,
        "Gone",
        "The offset is not retained: it is too far back, or the stream has been made anew.");
  }

  /// @param url of the stream
  public static HttpResponse made(StreamMade made, String url) {
    return switch (made) {
      case StreamMade.Made(StreamInfo stream) -> {
        List<HttpHeader> headers = place(stream, stream.tail());
        headers.add(header("Location", url));
        headers.add(header("Content-Type", stream.contentType()));
        yield of(201, headers);
      }
      case StreamMade.Exists(StreamInfo stream) -> {
        List<HttpHeader> headers = place(stream, stream.tail());
        headers.add(header("Content-Type", stream.contentType()));
        yield of(200, headers);
      }
      case StreamMade.Taken(String why) -> problem(409, "Conflict", why);
      case StreamMade.NoSource _ -> problem(404, "Unknown stream", "The source is not there.");
      case StreamMade.SourceUnfit(String why) -> problem(409, "Conflict", why);
      case StreamMade.NoSuchOffset(String why) -> problem(400, "Invalid request", why);
    };
  }

  public static HttpResponse appended(StreamAppended appended, StreamAppend what) {
    StreamAppend.Producer by = what.producer();
    return switch (appended) {
      case StreamAppended.Missing _ -> missing();
      case StreamAppended.Gone _ -> gone();
      case StreamAppended.Done(StreamInfo stream, boolean isNew, long highest) -> {
        List<HttpHeader> headers = place(stream, stream.tail());
        if (by != null) {
          headers.add(header(StreamHeaders.PRODUCER_EPOCH, Long.toString(by.epoch())));
          headers.add(header(StreamHeaders.PRODUCER_SEQ, Long.toString(highest)));
        }
        yield of(by != null && isNew && !what.messages().isEmpty() ? 200 : 204, headers);
      }
      case StreamAppended.Closed(StreamInfo stream) ->
          problem(409, "Conflict", "The stream is closed.")
              .addHeaders(place(stream, stream.tail()));
      case StreamAppended.OtherType(StreamInfo stream) ->
          problem(409, "Conflict", "The stream is of another content type.");
      case StreamAppended.StaleProducer(long epoch) ->
          problem(403, "Forbidden", "A later epoch of this producer has taken over.")
              .addHeader(header(StreamHeaders.PRODUCER_EPOCH, Long.toString(epoch)));
      case StreamAppended.NotAtZero _ ->
          problem(400, "Invalid request", "A new epoch of a producer begins with sequence 0.");
      case StreamAppended.Gap(long expected, long received) ->
          problem(409, "Conflict", "A request of this producer before this one has not come.")
              .addHeader(header(StreamHeaders.PRODUCER_EXPECTED, Long.toString(expected)))
              .addHeader(header(StreamHeaders.PRODUCER_RECEIVED, Long.toString(received)));
      case StreamAppended.Unfit(String why) -> problem(409, "Conflict", why);
      case StreamAppended.WriterSeqTaken _ ->
          problem(409, "Conflict", "Stream-Seq must be greater than the last one.");
    };
  }

  public static HttpResponse deleted(StreamStore.Deleted deleted) {
    return switch (deleted) {
      case DONE, DONE_BUT_KEPT -> of(204, List.of());
      case MISSING -> missing();
      case GONE -> gone();
    };
  }

  /// What HEAD is answered.
  static HttpResponse described(StreamInfo stream) {
    List<HttpHeader> headers = place(stream, stream.tail());
    headers.add(header("Content-Type", stream.contentType()));
    headers.add(header("Cache-Control", "no-store"));
    if (stream.ttlSeconds() >= 0) {
      headers.add(header(StreamHeaders.TTL, Long.toString(stream.ttlSeconds())));
    }
    if (stream.expiresAt() >= 0) {
      headers.add(header(StreamHeaders.EXPIRES_AT, StreamHeaders.time(stream.expiresAt())));
    }
    return of(200, headers);
  }

  /// @param after where the page begins
  static HttpResponse page(HttpRequest request, StreamPage.Found page, long after) {
    StreamInfo stream = page.stream();
    String tag =
        "\"%d:%d:%d%s\""
            .formatted(
                stream.id(), after, page.last(), stream.isClosed() && page.isAtTail() ? ":c" : "");
    List<HttpHeader> headers = read(page);
    headers.add(header("ETag", tag));
    headers.add(header("Cache-Control", page.isAtTail() ? "no-cache" : FOR_A_WHILE));
    return Headers.isKnown(request, tag) ? of(304, headers) : body(page, headers);
  }

  /// What a reader at the tail gets who does not wait.
  static HttpResponse tail(StreamPage.Found page) {
    List<HttpHeader> headers = read(page);
    headers.add(header("Cache-Control", "no-store"));
    return body(page, headers);
  }

  /// What a reader gets who has waited; 204 without a message.
  static HttpResponse waited(StreamPage.Found page, String cursor) {
    List<HttpHeader> headers = read(page);
    headers.add(header(StreamHeaders.CURSOR, cursor));
    headers.add(header("Cache-Control", "no-store"));
    return page.messages().isEmpty() ? of(204, headers) : body(page, headers);
  }

  private static List<HttpHeader> read(StreamPage.Found page) {
    List<HttpHeader> headers = place(page.stream(), page.last());
    headers.add(header("Content-Type", page.stream().contentType()));
    if (page.isAtTail()) {
      headers.add(header(StreamHeaders.UP_TO_DATE, "true"));
    }
    return headers;
  }

  private static HttpResponse body(StreamPage.Found page, List<HttpHeader> headers) {
    ByteString body = Messages.joined(page.stream().isJson(), page.messages());
    return of(200, headers).withEntity(HttpEntities.create(ContentTypes.NO_CONTENT_TYPE, body));
  }

  public static HttpResponse failed(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof RoomStreams.RoomRefused room) {
      return Refusals.response(room.why(), room.sessionId());
    }
    StoreFailure why = StoreFailure.of(failure);
    return switch (why) {
      case StoreFailure.Full _ -> Problems.storeFull();
      case StoreFailure.Unavailable _, StoreFailure.Fenced _, StoreFailure.NameTaken _ ->
          Problems.storeUnavailable();
      case StoreFailure.OutcomeUnknown _ ->
          Problems.unavailable(
              "The store went away. What was asked for may be done all the same; a producer that"
                  + " numbers its requests can ask again safely.");
      case StoreFailure.Unstorable _ -> {
        LOG.error("a request for a stream failed", failure);
        yield Problems.internal();
      }
    };
  }

  static @Nullable HttpResponse unlessFound(StreamPage page) {
    return switch (page) {
      case StreamPage.Missing _ -> missing();
      case StreamPage.Gone _ -> gone();
      case StreamPage.NotRetained _ -> notRetained();
      case StreamPage.Found _ -> null;
    };
  }
}
