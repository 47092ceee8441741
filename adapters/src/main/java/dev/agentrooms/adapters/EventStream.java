package dev.agentrooms.adapters;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.agentrooms.webui.watch.OpenSockets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/// Server-Sent Events as the protocols want them: the first bytes at once, a comment in silence,
/// and an end when the server stops.
public final class EventStream {

  private static final Duration KEEP_ALIVE = Duration.ofSeconds(15);
  private static final ByteString COMMENT = ByteString.fromString(":\n\n");

  private EventStream() {}

  /// One event. `data` must have no line break.
  ///
  /// @param id null for none
  /// @param name null for none
  public static ByteString event(@Nullable String id, @Nullable String name, byte[] data) {
    StringBuilder front = new StringBuilder();
    if (id != null) {
      front.append("id: ").append(id).append('\n');
    }
    if (name != null) {
      front.append("event: ").append(name).append('\n');
    }
    return ByteString.fromArrayUnsafe(front.append("data: ").toString().getBytes(UTF_8))
        .concat(ByteString.fromArrayUnsafe(data))
        .concat(ByteString.fromString("\n\n"));
  }

  /// Events, and behind them what is decided when they have ended. (Pekko's `lazySingle` would be
  /// asked too early.)
  public static Source<ByteString, NotUsed> then(
      Source<ByteString, NotUsed> events, Supplier<List<ByteString>> end) {
    return events.concatLazy(
        Source.lazySource(() -> Source.from(end.get()))
            .mapMaterializedValue(later -> NotUsed.getInstance()));
  }

  /// @param allowed for how long it may be read; null for no limit
  public static HttpResponse of(
      Source<ByteString, NotUsed> events, @Nullable Duration allowed, OpenSockets open) {
    Source<ByteString, NotUsed> granted = allowed == null ? events : events.takeWithin(allowed);
    Source<ByteString, NotUsed> stream =
        Source.single(COMMENT)
            .concat(granted)
            .keepAlive(KEEP_ALIVE, () -> COMMENT)
            .via(open.registered());
    return HttpResponse.create()
        .addHeader(RawHeader.create("Cache-Control", "no-store"))
        // A proxy that collects answers would hold the events back.
        .addHeader(RawHeader.create("X-Accel-Buffering", "no"))
        .withEntity(
            HttpEntities.createChunked(MediaTypes.TEXT_EVENT_STREAM.toContentType(), stream));
  }

  /// How long a reader may read whose token is good until then.
  public static @Nullable Duration until(@Nullable Instant expiry, Instant now) {
    return expiry == null ? null : Duration.between(now, expiry);
  }
}
