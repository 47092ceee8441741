package dev.agentrooms.agent;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.agentrooms.protocol.InvalidField;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.RunEvents.Numbered;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/// One run's events as Server-Sent Events: those that there are, then the others as they come, to
/// the run's end. An event's `id` is its number within the run.
final class RunEventStream {

  private static final Duration KEEP_ALIVE = Duration.ofSeconds(15);
  private static final ByteString COMMENT = ByteString.fromString(":\n\n");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

  private RunEventStream() {}

  /// Where a reader that comes back has stopped; nothing for one that is new.
  ///
  /// @throws InvalidField when it is no number of an event
  static Optional<Long> resumed(HttpRequest request) {
    Optional<String> id = request.getHeader("Last-Event-ID").map(header -> header.value().strip());
    if (id.isEmpty() || id.get().isEmpty()) {
      return Optional.empty();
    }
    if (!NUMBER.matcher(id.get()).matches()) {
      throw new InvalidField("Last-Event-ID", "Last-Event-ID must be the number of an event");
    }
    return Optional.of(Long.parseLong(id.get()));
  }

  static HttpResponse of(Source<Numbered, NotUsed> run) {
    Source<ByteString, NotUsed> events = run.map(RunEventStream::written);
    return HttpResponse.create()
        .addHeader(RawHeader.create("Cache-Control", "no-store"))
        // A proxy that collects answers would hold the events back.
        .addHeader(RawHeader.create("X-Accel-Buffering", "no"))
        .withEntity(
            HttpEntities.createChunked(
                MediaTypes.TEXT_EVENT_STREAM.toContentType(),
                // The answer's head goes out with the first part, and the next event may be far
                // away.
                Source.single(COMMENT).concat(events).keepAlive(KEEP_ALIVE, () -> COMMENT)));
  }

  private static ByteString written(Numbered event) {
    return ByteString.fromArray(("id: " + event.n() + "\nevent: progress\ndata: ").getBytes(UTF_8))
        .concat(ByteString.fromArrayUnsafe(Json.encode(event)))
        .concat(ByteString.fromString("\n\n"));
  }
}
