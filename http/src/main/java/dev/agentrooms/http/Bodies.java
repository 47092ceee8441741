package dev.agentrooms.http;

import dev.agentrooms.protocol.Problem;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.StreamLimitReachedException;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.util.ByteString;

/// Reads request bodies: bounded in size and time, and only JSON.
public final class Bodies {

  /// The largest body, in bytes, except for progress events.
  public static final int MAX_BYTES = 64 * 1024;

  private static final Duration TIME = Duration.ofSeconds(15);

  private Bodies() {}

  /// The body, or the error response.
  public sealed interface Body {
    record Bytes(byte[] bytes) implements Body {}

    record Refused(HttpResponse answer) implements Body {}
  }

  /// Reads a body whose content type must be JSON. It is not parsed.
  public static CompletionStage<Body> readJson(
      HttpRequest request, int maxBytes, Materializer materializer) {
    return isJson(request.entity().getContentType())
        ? read(request, maxBytes, materializer)
        : refused(Problems.unsupportedMediaType());
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
      return refused(Problems.tooLarge(maxBytes));
    }
    return entity
        .withoutSizeLimit()
        .getDataBytes()
        .completionTimeout(TIME)
        // The connection drains what is beyond the limit.
        .limitWeighted(maxBytes, part -> (long) part.size())
        .runWith(Sink.fold(new ByteArrayOutputStream(0), Bodies::append), materializer)
        .handle(
            (body, failure) ->
                failure == null
                    ? new Body.Bytes(body.toByteArray())
                    : new Body.Refused(unread(failure, maxBytes)));
  }

  // Copied into one array, because a client may send chunks of one byte each.
  private static ByteArrayOutputStream append(ByteArrayOutputStream body, ByteString part) {
    body.writeBytes(part.toArrayUnsafe());
    return body;
  }

  private static CompletionStage<Body> refused(HttpResponse answer) {
    return CompletableFuture.completedFuture(new Body.Refused(answer));
  }

  private static HttpResponse unread(Throwable failure, int maxBytes) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    return switch (cause) {
      case StreamLimitReachedException more -> Problems.tooLarge(maxBytes);
      case TimeoutException late ->
          Problems.response(
              Problem.of(408, "Request timeout", "The body did not arrive in its time."));
      default ->
          Problems.response(
              Problem.of(400, "Bad request", "The body could not be read to its end."));
    };
  }

  private static boolean isJson(ContentType type) {
    return type.mediaType().mainType().equals("application")
        && type.mediaType().subType().equals(MediaTypes.APPLICATION_JSON.subType())
        && type.getCharsetOption()
            .map(charset -> charset.value().equalsIgnoreCase("utf-8"))
            .orElse(true);
  }
}
