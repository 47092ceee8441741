package dev.agentrooms.webui.streams;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.store.StreamAppend;
import dev.agentrooms.store.StreamAppended;
import dev.agentrooms.store.Subscription;
import dev.agentrooms.store.Subscription.Link;
import dev.agentrooms.store.SubscriptionStore;
import dev.agentrooms.store.SubscriptionStore.Change;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds the subscriptions that have something to do, and tells their workers: over a webhook, or
/// with an event in a stream that they read.
final class WakeDelivery {

  private static final Logger LOG = LoggerFactory.getLogger(WakeDelivery.class);

  private final SubscriptionStore store;
  private final Subscriptions subscriptions;
  private final Streams streams;
  private final Webhooks webhooks;
  private final InstantSource clock;
  private final Set<String> changed = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean isLooking = new AtomicBoolean();
  // Without one, the events of rooms are nothing to look for.
  private volatile boolean hasRooms;

  WakeDelivery(
      SubscriptionStore store,
      Subscriptions subscriptions,
      Streams streams,
      Webhooks webhooks,
      InstantSource clock) {
    this.store = store;
    this.subscriptions = subscriptions;
    this.streams = streams;
    this.webhooks = webhooks;
    this.clock = clock;
  }

  /// Something was appended to a stream here.
  void onChange(String path) {
    changed.add(path);
    look();
  }

  /// Wakes those that are due, and those that have a stream that changed.
  void look() {
    if (!isLooking.compareAndSet(false, true)) {
      return;
    }
    List<String> paths = List.copyOf(changed);
    paths.forEach(changed::remove);
    var _ =
        store
            .due(clock.millis(), paths)
            .thenAccept(ids -> ids.forEach(this::wake))
            .whenComplete(
                (done, failure) -> {
                  isLooking.set(false);
                  if (failure != null) {
                    // The next look has them again.
                    changed.addAll(paths);
                  } else if (!changed.isEmpty()) {
                    look();
                  }
                });
  }

  /// A room has a new event.
  void onRoomEvent(String sessionId) {
    if (hasRooms && changed.add(RoomStreams.path(sessionId))) {
      look();
    }
  }

  /// There may be a subscription of rooms.
  void expectRooms() {
    hasRooms = true;
  }

  /// Finds out whether there are subscriptions of rooms. Those that another node has made are known
  /// from then on, and what they have missed is made up for.
  void lookForRooms() {
    var _ =
        store
            .haveRooms()
            .thenAccept(
                have -> {
                  boolean isNew = have && !hasRooms;
                  hasRooms = have;
                  if (isNew) {
                    lookForMissed();
                  }
                });
  }

  /// Wakes those that a server left behind that went away between an event and its wake.
  void lookForMissed() {
    var _ = store.missed().thenAccept(ids -> ids.forEach(this::wake));
  }

  void wake(String id) {
    String wakeId = Subscriptions.newWakeId();
    var _ =
        store
            .<Optional<Subscription>>change(
                id,
                Optional.empty(),
                now -> {
                  if (now == null) {
                    return new Change<>(null, Optional.empty());
                  }
                  Subscription it = Wakes.at(now, clock.millis());
                  Subscription woken = Wakes.woken(it, wakeId, subscriptions.until(it));
                  if (woken == null && isToBeToldAgain(it)) {
                    woken =
                        it.with(
                            it.generation(),
                            it.wakeId(),
                            it.holder(),
                            subscriptions.until(it),
                            it.attempts(),
                            subscriptions.until(it),
                            it.links());
                  }
                  return new Change<>(woken == null ? it : woken, Optional.ofNullable(woken));
                })
            .thenAccept(woken -> woken.ifPresent(this::tell))
            .exceptionally(
                failure -> {
                  LOG.warn("subscription {} was not looked at: {}", id, failure.getMessage());
                  return null;
                });
  }

  private boolean isToBeToldAgain(Subscription it) {
    return it.attempts() > 0 && it.nextAt() >= 0 && it.nextAt() <= clock.millis();
  }

  private void tell(Subscription it) {
    SubscriptionConfig config = SubscriptionConfig.ofText(it.config());
    if (config.webhook() != null) {
      webhooks.deliver(it, config.webhook(), outcome -> delivered(it, config, outcome));
    } else if (config.wakeStream() != null) {
      append(it, config.wakeStream());
    }
  }

  private void append(Subscription it, String wakeStream) {
    ObjectNode event =
        Json.object()
            .put("type", "wake")
            .put("subscription_id", it.id())
            .put("stream", firstPending(it))
            .put("generation", it.generation())
            .put("ts", clock.millis());
    StreamAppend what =
        new StreamAppend("application/json", List.of(Json.encode(event)), false, null, null);
    var _ =
        streams
            .append(wakeStream, what)
            .thenCompose(
                appended ->
                    subscriptions.changed(
                        it.id(),
                        now ->
                            appended instanceof StreamAppended.Done
                                    && Wakes.isOf(now, it.wakeId(), it.generation())
                                    && now.holder().isEmpty()
                                ? Wakes.told(now)
                                : now));
  }

  private static String firstPending(Subscription it) {
    return it.links().stream().filter(Link::isPending).map(Link::path).findFirst().orElse("");
  }

  private void delivered(Subscription it, SubscriptionConfig config, Webhooks.Outcome outcome) {
    double jitter = ThreadLocalRandom.current().nextDouble(0.8, 1.2);
    UnaryOperator<Subscription> change =
        switch (outcome) {
          case DONE -> now -> allDone(now, it);
          case TAKEN ->
              now ->
                  now.attempts() == 0
                      ? now
                      : Wakes.held(now, now.holder(), subscriptions.until(now));
          case FAILED -> now -> Wakes.failed(now, clock.millis(), jitter, config.leaseMillis());
        };
    var _ =
        subscriptions
            .ofWake(it.id(), it.wakeId(), it.generation(), change)
            .exceptionally(
                failure -> {
                  // Its lease ends, and it is woken again.
                  LOG.warn("subscription {}: {}", it.id(), failure.getMessage());
                  return new Outcome.Unknown();
                });
  }

  /// Done with all that the wake was told of.
  private static Subscription allDone(Subscription now, Subscription told) {
    Map<String, String> epochs = new HashMap<>();
    now.links().forEach(link -> epochs.put(link.path(), link.tailEpoch()));
    Map<String, Long> tails = new HashMap<>();
    for (Link link : told.links()) {
      // Of a stream that was made anew nothing is done.
      if (link.tailEpoch().equals(epochs.get(link.path()))) {
        tails.put(link.path(), link.tail());
      }
    }
    return Wakes.idle(Wakes.acked(now, tails));
  }
}
