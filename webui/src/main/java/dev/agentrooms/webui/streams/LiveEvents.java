package dev.agentrooms.webui.streams;

import dev.agentrooms.store.StreamInfo;
import dev.agentrooms.store.StreamPage;
import dev.agentrooms.webui.watch.OpenSockets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/// One reader of a stream over Server-Sent Events. A page is read when the connection has room for
/// it.
final class LiveEvents {

  private final Tails.Watch watch;
  private final long id;
  private final Supplier<String> cursor;
  private final Duration keepAlive;
  private long after;
  private boolean hasToldPlace;
  private boolean isOver;

  private LiveEvents(
      Tails.Watch watch, long id, long after, Supplier<String> cursor, Duration keepAlive) {
    this.watch = watch;
    this.id = id;
    this.after = after;
    this.cursor = cursor;
    this.keepAlive = keepAlive;
  }

  /// @param after where reading begins
  /// @param keepAlive how long it is silent
  /// @param longest how long it goes on
  static Source<ByteString, NotUsed> source(
      Streams streams,
      StreamInfo stream,
      long after,
      Supplier<String> cursor,
      Duration keepAlive,
      Duration longest,
      OpenSockets open) {
    return Source.unfoldResourceAsync(
            () ->
                CompletableFuture.completedFuture(
                    new LiveEvents(
                        streams.watch(stream.path()), stream.id(), after, cursor, keepAlive)),
            LiveEvents::next,
            LiveEvents::close)
        .takeWithin(longest)
        .via(open.registered());
  }

  private CompletionStage<Optional<ByteString>> next() {
    if (isOver) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    Tails.Round round = watch.round();
    return round
        .read(after)
        .thenCompose(
            page ->
                switch (page) {
                  case StreamPage.Missing _, StreamPage.Gone _, StreamPage.NotRetained _ ->
                      CompletableFuture.completedFuture(Optional.empty());
                  // Made anew: its offsets are others.
                  case StreamPage.Found found when found.stream().id() != id ->
                      CompletableFuture.completedFuture(Optional.empty());
                  case StreamPage.Found found -> shown(round, found);
                });
  }

  private CompletionStage<Optional<ByteString>> shown(Tails.Round round, StreamPage.Found page) {
    isOver = page.stream().isClosed() && page.isAtTail();
    if (!page.messages().isEmpty() || !hasToldPlace || isOver) {
      hasToldPlace = true;
      after = page.last();
      return CompletableFuture.completedFuture(Optional.of(EventText.of(page, cursor.get())));
    }
    return round
        .end(keepAlive)
        .thenCompose(
            changed ->
                changed
                    ? next()
                    : CompletableFuture.completedFuture(Optional.of(EventText.COMMENT)));
  }

  private CompletionStage<Done> close() {
    watch.close();
    return CompletableFuture.completedFuture(Done.getInstance());
  }
}
