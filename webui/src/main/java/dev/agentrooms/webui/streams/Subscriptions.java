package dev.agentrooms.webui.streams;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.store.Globs;
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
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Wakes those who have subscribed to streams. What is to be done next is in the store, so that it
/// goes on after a restart, or at another node.
public final class Subscriptions {

  private static final Logger LOG = LoggerFactory.getLogger(Subscriptions.class);

  private final SubscriptionStore store;
  private final Streams streams;
  private final Webhooks webhooks;
  private final InstantSource clock;
  private final Set<String> changed = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean isLooking = new AtomicBoolean();

  Subscriptions(SubscriptionStore store, Streams streams, Webhooks webhooks, InstantSource clock) {
    this.store = store;
    this.streams = streams;
    this.webhooks = webhooks;
    this.clock = clock;
  }

  /// What became of a request about a subscription.
  public sealed interface Outcome {

    /// @param isNew whether it was made
    record Known(Subscription it, boolean isNew) implements Outcome {}

    /// @param it as it is claimed
    record Claimed(Subscription it) implements Outcome {}

    /// @param wakesAgain whether there is more to do
    record Acked(boolean wakesAgain) implements Outcome {}

    /// Another has the wake.
    record Held(String holder, long generation) implements Outcome {}

    /// The request is not about the wake that is under way.
    record Fenced() implements Outcome {}

    record Unknown() implements Outcome {}

    /// There is one of another configuration.
    record Other() implements Outcome {}

    record NothingToDo() implements Outcome {}

    record Done() implements Outcome {}
  }

  private static final Outcome UNKNOWN = new Outcome.Unknown();

  public Webhooks webhooks() {
    return webhooks;
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

  CompletionStage<Outcome> put(String id, SubscriptionConfig config) {
    return links(config)
        .thenCompose(
            links ->
                store.change(
                    id,
                    UNKNOWN,
                    now -> {
                      if (now != null) {
                        boolean isSame = now.config().equals(config.text());
                        return new Change<>(
                            now, isSame ? new Outcome.Known(now, false) : new Outcome.Other());
                      }
                      Subscription made =
                          new Subscription(
                              id,
                              config.text(),
                              config.pattern(),
                              0,
                              "",
                              "",
                              -1,
                              0,
                              -1,
                              clock.millis(),
                              links);
                      return new Change<>(made, new Outcome.Known(made, true));
                    }));
  }

  private CompletionStage<List<Link>> links(SubscriptionConfig config) {
    CompletionStage<List<Link>> matched =
        config.pattern().isEmpty()
            ? CompletableFuture.completedFuture(List.of())
            : store
                .streams(Globs.prefix(config.pattern()))
                .thenApply(
                    all ->
                        all.stream()
                            .filter(link -> Globs.matches(config.pattern(), link.path()))
                            .map(link -> kind(link, false, true))
                            .toList());
    return matched.thenCombine(
        store.links(config.streams()), (byPattern, named) -> withNamed(byPattern, named));
  }

  private static Link kind(Link link, boolean isExplicit, boolean isMatched) {
    return new Link(
        link.path(),
        isExplicit,
        isMatched,
        link.epoch(),
        link.acked(),
        link.tailEpoch(),
        link.tail());
  }

  private static List<Link> withNamed(List<Link> links, List<Link> named) {
    Map<String, Link> all = new HashMap<>();
    links.forEach(link -> all.put(link.path(), link));
    named.forEach(
        link ->
            all.merge(
                link.path(),
                kind(link, true, false),
                (known, added) -> kind(known, true, known.isMatched())));
    return List.copyOf(all.values());
  }

  CompletionStage<Outcome> get(String id) {
    return changed(id, it -> it);
  }

  CompletionStage<Outcome> delete(String id) {
    return store.change(
        id, UNKNOWN, now -> new Change<>(null, now == null ? UNKNOWN : new Outcome.Done()));
  }

  CompletionStage<Outcome> add(String id, List<String> paths) {
    return store
        .links(paths)
        .thenCompose(named -> changed(id, it -> it.with(withNamed(it.links(), named))));
  }

  CompletionStage<Outcome> remove(String id, String path) {
    return changed(
        id,
        it ->
            it.with(
                it.links().stream()
                    .map(
                        link ->
                            link.path().equals(path) ? kind(link, false, link.isMatched()) : link)
                    .filter(link -> link.isExplicit() || link.isMatched())
                    .toList()));
  }

  private CompletionStage<Outcome> changed(String id, UnaryOperator<Subscription> change) {
    return store.change(
        id,
        UNKNOWN,
        now -> {
          if (now == null) {
            return new Change<>(null, UNKNOWN);
          }
          Subscription next = change.apply(now);
          return new Change<>(next, new Outcome.Known(next, false));
        });
  }

  CompletionStage<Outcome> claim(String id, String worker) {
    String wakeId = newWakeId();
    return store.change(
        id,
        UNKNOWN,
        now -> {
          if (now == null) {
            return new Change<>(null, UNKNOWN);
          }
          long until = until(now);
          Subscription it = Wakes.at(now, clock.millis());
          if (!it.holder().isEmpty()) {
            return new Change<>(it, new Outcome.Held(it.holder(), it.generation()));
          }
          Subscription woken = Wakes.isIdle(it) ? Wakes.woken(it, wakeId, until) : it;
          if (woken == null) {
            return new Change<>(it, new Outcome.NothingToDo());
          }
          Subscription held = Wakes.held(woken, worker, until);
          return new Change<>(held, new Outcome.Claimed(held));
        });
  }

  /// @param acks by path, where the worker is done
  /// @param isDone whether the wake ends
  CompletionStage<Outcome> ack(
      String id, String wakeId, long generation, Map<String, Offset> acks, boolean isDone) {
    return ofWake(
        id,
        wakeId,
        generation,
        it -> {
          Map<String, Long> seqs = new HashMap<>();
          for (Link link : it.links()) {
            Offset offset = acks.get(link.path());
            // Of a stream that was made anew nothing is done.
            if (offset != null
                && (offset.epoch() == null || offset.epoch().equals(link.tailEpoch()))) {
              seqs.put(link.path(), offset.seq());
            }
          }
          Subscription acked = Wakes.acked(it, seqs);
          return isDone ? Wakes.idle(acked) : Wakes.held(acked, it.holder(), until(it));
        });
  }

  CompletionStage<Outcome> release(String id, String wakeId, long generation) {
    return ofWake(id, wakeId, generation, Wakes::idle);
  }

  private CompletionStage<Outcome> ofWake(
      String id, String wakeId, long generation, UnaryOperator<Subscription> change) {
    return store
        .<Outcome>change(
            id,
            UNKNOWN,
            now -> {
              if (now == null) {
                return new Change<>(null, UNKNOWN);
              }
              Subscription it = Wakes.at(now, clock.millis());
              if (!Wakes.isOf(it, wakeId, generation)) {
                return new Change<>(it, new Outcome.Fenced());
              }
              Subscription next = change.apply(it);
              return new Change<>(next, new Outcome.Acked(Wakes.isIdle(next) && next.isPending()));
            })
        .thenApply(
            outcome -> {
              if (outcome instanceof Outcome.Acked(boolean wakesAgain) && wakesAgain) {
                wake(id);
              }
              return outcome;
            });
  }

  private long until(Subscription it) {
    return clock.millis() + SubscriptionConfig.ofText(it.config()).leaseMillis();
  }

  private static String newWakeId() {
    return "w_" + UUID.randomUUID();
  }

  private void wake(String id) {
    String wakeId = newWakeId();
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
                  Subscription woken = Wakes.woken(it, wakeId, until(it));
                  if (woken == null && isToBeToldAgain(it)) {
                    woken =
                        it.with(
                            it.generation(),
                            it.wakeId(),
                            it.holder(),
                            until(it),
                            it.attempts(),
                            until(it),
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
                    changed(
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
    CompletionStage<Outcome> then =
        switch (outcome) {
          case DONE -> ofWake(it.id(), it.wakeId(), it.generation(), now -> allDone(now, it));
          case TAKEN ->
              ofWake(
                  it.id(),
                  it.wakeId(),
                  it.generation(),
                  now -> now.attempts() == 0 ? now : Wakes.held(now, now.holder(), until(now)));
          case FAILED ->
              ofWake(
                  it.id(),
                  it.wakeId(),
                  it.generation(),
                  now -> Wakes.failed(now, clock.millis(), jitter, config.leaseMillis()));
        };
    var _ =
        then.exceptionally(
            failure -> {
              // Its lease ends, and it is woken again.
              LOG.warn("subscription {}: {}", it.id(), failure.getMessage());
              return UNKNOWN;
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

  /// As a client is shown it.
  public ObjectNode json(Subscription it) {
    SubscriptionConfig config = SubscriptionConfig.ofText(it.config());
    ObjectNode json = config.json();
    json.put("id", it.id()).put("subscription_id", it.id());
    json.set("streams", webhooks.links(it, false));
    if (config.webhook() != null) {
      json.set("webhook", webhooks.describe(config.webhook()));
    }
    json.put("created_at", StreamHeaders.time(it.createdAt()));
    json.put("status", it.attempts() > 0 ? "failed" : "active");
    return json;
  }

  /// What the key is made of, once for the store.
  static CompletionStage<WebhookKey> key(SubscriptionStore store) {
    return store.secret("streams-key", WebhookKey.fresh()).thenApply(WebhookKey::parse);
  }
}
