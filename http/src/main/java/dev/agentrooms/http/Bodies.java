package dev.agentrooms.http;

import dev.agentrooms.protocol.Problem;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.Done;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.util.ByteString;

/// Reads request bodies: bounded in size and time, and only JSON.
public final class Bodies {

  /// The most bytes of any body but a progress event's.
  public static final int MAX_BYTES = 64 * 1024;

  private static final Duration TIME = Duration.ofSeconds(15);

  // So much of a body that is refused anyway is read, because most clients look at the answer only
  // when they have sent everything.
  private static final long DRAINED_BYTES = 16L * 1024 * 1024;

  private Bodies() {}

  /// A body that was read, or the answer that it gets instead.
  public sealed interface Body {
    record Bytes(byte[] bytes) implements Body {}

    record Refused(HttpResponse answer) implements Body {}
  }

  /// Reads a body that must be declared as JSON. It is not parsed.
  public static CompletionStage<Body> readJson(
      HttpRequest request, int maxBytes, Materializer materializer) {
    return isJson(request.entity().getContentType())
        ? read(request, maxBytes, materializer)
        : refused(request, materializer, Problems.unsupportedMediaType());
  }

  /// Reads a body of any type.
  public static CompletionStage<Body> read(
      HttpRequest request, int maxBytes, Materializer materializer) {
    HttpEntity entity = request.entity();
    if (entity instanceof HttpEntity.Strict strict && strict.getData().size() <= maxBytes) {
      return CompletableFuture.completedFuture(new Body.Bytes(strict.getData().toArrayUnsafe()));
    }
    OptionalLong length = entity.getContentLengthOption();
    if (length.isPresent() && length.getAsLong() > maxBytes) {
      return refused(request, materializer, Problems.tooLarge(maxBytes));
    }
    Collected collected = new Collected(maxBytes);
    return entity
        .withoutSizeLimit()
        .getDataBytes()
        .completionTimeout(TIME)
        .runWith(Sink.fold(collected, Collected::add), materializer)
        .handle(
            (body, failure) -> {
              // However a body ends that is too large: too large is what is wrong with it.
              if (collected.isTooLarge()) {
                return new Body.Refused(Problems.tooLarge(maxBytes));
              }
              return failure == null
                  ? new Body.Bytes(collected.bytes.toByteArray())
                  : new Body.Refused(unread(failure));
            });
  }

  /// Throws a body away as it comes, for an answer that does not need it.
  public static void drain(HttpRequest request, Materializer materializer) {
    // Who asked whether to send it is told not to by the answer.
    boolean isAskedFor = request.getHeader("Expect").isPresent();
    if (!(request.entity() instanceof HttpEntity.Strict) && !isAskedFor) {
      request
          .entity()
          .withoutSizeLimit()
          .getDataBytes()
          .completionTimeout(TIME)
          .limitWeighted(DRAINED_BYTES, bytes -> (long) bytes.size())
          .runWith(Sink.ignore(), materializer)
          // A body that is too long or too slow, or that was read already: the connection closes.
          .exceptionally(expected -> Done.getInstance());
    }
  }

  private static CompletionStage<Body> refused(
      HttpRequest request, Materializer materializer, HttpResponse answer) {
    drain(request, materializer);
    return CompletableFuture.completedFuture(new Body.Refused(answer));
  }

  private static HttpResponse unread(Throwable failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    return cause instanceof TimeoutException
        ? Problems.response(
            Problem.of(
                408, "Request timeout", "The body did not arrive in " + TIME.toSeconds() + " s."))
        : Problems.response(
            Problem.of(400, "Bad request", "The body could not be read to its end."));
  }

  private static boolean isJson(ContentType type) {
    return type.mediaType().mainType().equals("application")
        && type.mediaType().subType().equals(MediaTypes.APPLICATION_JSON.subType())
        && type.getCharsetOption()
            .map(charset -> charset.value().equalsIgnoreCase("utf-8"))
            .orElse(true);
  }

  /// What has arrived, up to the limit; of the rest only the count.
  private static final class Collected {

    private final int max;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private long total;

    Collected(int max) {
      this.max = max;
    }

    Collected add(ByteString part) {
      total += part.size();
      if (total > max + DRAINED_BYTES) {
        throw new IllegalStateException("far too large");
      }
      if (!isTooLarge()) {
        bytes.writeBytes(part.toArrayUnsafe());
      }
      return this;
    }

    boolean isTooLarge() {
      return total > max;
    }
  }
}
