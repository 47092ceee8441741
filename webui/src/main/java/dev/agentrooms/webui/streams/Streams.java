package dev.agentrooms.webui.streams;

import dev.agentrooms.http.Recurring;
import dev.agentrooms.store.Store;
import dev.agentrooms.store.StreamAppend;
import dev.agentrooms.store.StreamAppended;
import dev.agentrooms.store.StreamInfo;
import dev.agentrooms.store.StreamMade;
import dev.agentrooms.store.StreamPage;
import dev.agentrooms.store.StreamStore;
import dev.agentrooms.store.StreamWish;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.apache.pekko.actor.typed.ActorSystem;

/// The ordinary streams: what is written wakes those who wait for it.
public final class Streams {

  /// How much of a stream one answer, or one event, has.
  static final int PAGE_BYTES = 256 * 1024;

  private static final Duration LOOK_EVERY = Duration.ofMillis(100);
  private static final Duration FORGET_EVERY = Duration.ofSeconds(10);

  private final StreamStore store;
  private final Tails tails;

  Streams(StreamStore store, Tails tails) {
    this.store = store;
    this.tails = tails;
  }

  public static Streams start(ActorSystem<?> system, Store store) {
    StreamStore streams = store.streams();
    Tails tails = new Tails(streams, system.executionContext(), PAGE_BYTES);
    if (store.members().isPresent()) {
      Recurring.every(system, LOOK_EVERY, "looking for what other nodes appended", tails::look);
    }
    Recurring.every(
        system,
        FORGET_EVERY,
        "deleting expired streams",
        () -> streams.forgetExpired().thenAccept(paths -> paths.forEach(tails::changed)));
    return new Streams(streams, tails);
  }

  public CompletionStage<StreamMade> make(StreamWish wish) {
    return store.make(wish).whenComplete((made, failure) -> tails.changed(wish.path()));
  }

  public CompletionStage<StreamAppended> append(String path, StreamAppend what) {
    return store.append(path, what).whenComplete((done, failure) -> tails.changed(path));
  }

  public CompletionStage<StreamStore.Deleted> delete(String path) {
    return store.delete(path).whenComplete((done, failure) -> tails.changed(path));
  }

  CompletionStage<StreamPage> find(String path) {
    return store.read(path, 0, 0);
  }

  CompletionStage<StreamPage> read(String path, long after) {
    return store.read(path, after, PAGE_BYTES);
  }

  /// Has a stream with a time to live begin it anew.
  void use(StreamInfo stream) {
    if (stream.ttlSeconds() >= 0) {
      var _ = store.touch(stream.path());
    }
  }

  Tails.Watch watch(String path) {
    return tails.watch(path);
  }

  /// Reads until `isAnswer` likes the page, or `patience` is over.
  CompletionStage<StreamPage> await(
      String path, long after, Duration patience, Predicate<StreamPage> isAnswer) {
    Tails.Watch watch = watch(path);
    long deadline = System.nanoTime() + patience.toNanos();
    return await(watch, after, deadline, isAnswer).whenComplete((page, failure) -> watch.close());
  }

  private static CompletionStage<StreamPage> await(
      Tails.Watch watch, long after, long deadline, Predicate<StreamPage> isAnswer) {
    Tails.Round round = watch.round();
    return round
        .read(after)
        .thenCompose(
            page -> {
              long left = deadline - System.nanoTime();
              return isAnswer.test(page) || left <= 0
                  ? CompletableFuture.completedFuture(page)
                  : round
                      .end(Duration.ofNanos(left))
                      .thenCompose(changed -> await(watch, after, deadline, isAnswer));
            });
  }
}
