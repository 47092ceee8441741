package dev.agentrooms.webui.streams;

import dev.agentrooms.http.Recurring;
import dev.agentrooms.protocol.ProgressAck;
import dev.agentrooms.protocol.ProgressEvent;
import dev.agentrooms.store.Store;
import dev.agentrooms.store.StreamAppend;
import dev.agentrooms.store.StreamAppended;
import dev.agentrooms.store.StreamInfo;
import dev.agentrooms.store.StreamMade;
import dev.agentrooms.store.StreamPage;
import dev.agentrooms.store.StreamStore;
import dev.agentrooms.store.StreamWish;
import dev.agentrooms.webui.room.Rooms;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.pekko.actor.typed.ActorSystem;
import org.jspecify.annotations.Nullable;

/// The ordinary streams: what is written wakes those who wait for it.
public final class Streams {

  /// How much of a stream one answer, or one event, has.
  static final int PAGE_BYTES = 256 * 1024;

  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
  private static final Duration WAKE_EVERY = Duration.ofMillis(500);
  private static final Duration MISSED_EVERY = Duration.ofSeconds(10);
  private static final Duration FORGET_EVERY = Duration.ofSeconds(10);

  private final StreamStore store;
  private final Tails tails;
  private final @Nullable OtherNodes others;
  private volatile Consumer<String> listener = path -> {};

  /// @param others null where the store is this process's own
  Streams(StreamStore store, Tails tails, @Nullable OtherNodes others) {
    this.store = store;
    this.tails = tails;
    this.others = others;
  }

  /// @param pushed is told of each event that comes to a room this way
  public static Streams start(
      ActorSystem<?> system,
      Store store,
      Rooms rooms,
      BiConsumer<ProgressEvent, ProgressAck> pushed) {
    StreamStore streams = new RoomStreams(store.streams(), rooms, pushed);
    Executor executor = system.executionContext();
    Tails tails =
        new Tails(
            streams,
            executor,
            (path, changed) -> interest(rooms, path, changed, executor),
            PAGE_BYTES);
    OtherNodes others = null;
    if (store.members().isPresent()) {
      others = new OtherNodes(system, tails::changed);
      Recurring.every(system, LOOK_EVERY, "looking for what other nodes appended", tails::look);
    }
    Recurring.every(
        system,
        FORGET_EVERY,
        "deleting expired streams",
        () -> streams.forgetExpired().thenAccept(paths -> paths.forEach(tails::changed)));
    return new Streams(streams, tails, others);
  }

  private static Tails.Interest interest(
      Rooms rooms, String path, Runnable changed, Executor executor) {
    if (!RoomStreams.isRoom(path)) {
      return Tails.Interest.NONE;
    }
    RoomWake wake = new RoomWake(rooms, RoomStreams.sessionId(path), changed, executor);
    executor.execute(wake::join);
    return wake;
  }

  public CompletionStage<StreamMade> make(StreamWish wish) {
    return store.make(wish).whenComplete((made, failure) -> changed(wish.path()));
  }

  public CompletionStage<StreamAppended> append(String path, StreamAppend what) {
    return store.append(path, what).whenComplete((done, failure) -> changed(path));
  }

  public CompletionStage<StreamStore.Deleted> delete(String path) {
    return store.delete(path).whenComplete((done, failure) -> changed(path));
  }

  private void changed(String path) {
    tails.changed(path);
    listener.accept(path);
    if (others != null && !RoomStreams.isRoom(path)) {
      others.tell(path);
    }
  }

  /// Has the subscriptions of the store wake whoever has something to do.
  ///
  /// @param root the URL below which the streams are
  public CompletionStage<Subscriptions> subscriptions(
      ActorSystem<?> system, Store store, Rooms rooms, StreamSettings settings, String root) {
    InstantSource clock = InstantSource.system();
    return Subscriptions.key(store.subscriptions())
        .thenApply(
            key -> {
              Webhooks webhooks =
                  new Webhooks(key, new WebhookTarget(settings.localWebhooks()), root, clock);
              Subscriptions all = new Subscriptions(store.subscriptions(), this, webhooks, clock);
              WakeDelivery delivery = all.delivery();
              listener = delivery::onChange;
              rooms.onEvent(delivery::onRoomEvent);
              Recurring.every(
                  system,
                  WAKE_EVERY,
                  "waking subscriptions",
                  () -> {
                    delivery.look();
                    delivery.lookForRooms();
                  });
              Recurring.every(
                  system, MISSED_EVERY, "looking for missed wakes", delivery::lookForMissed);
              return all;
            });
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
