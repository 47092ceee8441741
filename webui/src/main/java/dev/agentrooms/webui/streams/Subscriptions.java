package dev.agentrooms.webui.streams;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.store.Subscription;
import dev.agentrooms.store.Subscription.Link;
import dev.agentrooms.store.SubscriptionStore;
import dev.agentrooms.store.SubscriptionStore.Change;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/// Those who have subscribed to streams: what is asked of a subscription, and what becomes of it.
/// All of it is in the store, so that it goes on after a restart, or at another node.
public final class Subscriptions {

  private final SubscriptionStore store;
  private final Webhooks webhooks;
  private final InstantSource clock;
  private final WakeDelivery delivery;

  Subscriptions(SubscriptionStore store, Streams streams, Webhooks webhooks, InstantSource clock) {
    this.store = store;
    this.webhooks = webhooks;
    this.clock = clock;
    this.delivery = new WakeDelivery(store, this, streams, webhooks, clock);
  }

  /// Who looks for what there is to do.
  WakeDelivery delivery() {
    return delivery;
  }

  private static final Outcome UNKNOWN = new Outcome.Unknown();

  public Webhooks webhooks() {
    return webhooks;
  }

  CompletionStage<Outcome> put(String id, SubscriptionConfig config) {
    delivery.expectRooms();
    return Links.of(store, config)
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

  CompletionStage<Outcome> get(String id) {
    return changed(id, it -> it);
  }

  CompletionStage<Outcome> delete(String id) {
    return store.change(
        id, UNKNOWN, now -> new Change<>(null, now == null ? UNKNOWN : new Outcome.Done()));
  }

  CompletionStage<Outcome> add(String id, List<String> paths) {
    delivery.expectRooms();
    return store
        .links(paths)
        .thenCompose(named -> changed(id, it -> it.with(Links.withNamed(it.links(), named))));
  }

  CompletionStage<Outcome> remove(String id, String path) {
    return changed(
        id,
        it ->
            it.with(
                it.links().stream()
                    .map(
                        link ->
                            link.path().equals(path)
                                ? Links.kind(link, false, link.isMatched())
                                : link)
                    .filter(link -> link.isExplicit() || link.isMatched())
                    .toList()));
  }

  CompletionStage<Outcome> changed(String id, UnaryOperator<Subscription> change) {
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

  CompletionStage<Outcome> ofWake(
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
                delivery.wake(id);
              }
              return outcome;
            });
  }

  long until(Subscription it) {
    return clock.millis() + SubscriptionConfig.ofText(it.config()).leaseMillis();
  }

  static String newWakeId() {
    return "w_" + UUID.randomUUID();
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
