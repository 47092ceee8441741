package dev.agentrooms.agent;

import dev.agentrooms.agent.ProgressSink.Outcome;
import dev.agentrooms.agent.SessionProtocol.Command;
import dev.agentrooms.agent.SessionProtocol.Settled;
import dev.agentrooms.agent.SessionProtocol.Tick;
import dev.agentrooms.agent.session.SessionSnapshot.Telling;
import dev.agentrooms.agent.session.Writable;
import dev.agentrooms.agent.telemetry.AgentMetrics;
import dev.agentrooms.agent.telemetry.AgentMetrics.Dropped;
import dev.agentrooms.protocol.Delivery;
import dev.agentrooms.protocol.ProgressEvent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The part of a session that hands its progress to the sink: one event at a time, in order, and
/// again after a while when nobody took it.
final class ProgressDelivery {

  private static final Logger LOG = LoggerFactory.getLogger(ProgressDelivery.class);

  private final Outbox outbox;
  private final ProgressSink sink;
  private final Backlog backlog;
  private final AgentMetrics metrics;
  private final Function<ProgressEvent, @Nullable String> traceparent;
  private final Duration retryDelay;
  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final LongSupplier life;
  private final Supplier<@Nullable String> owner;
  private BooleanSupplier isBlocked = () -> false;
  private boolean isUnderWay;
  private long delivered;

  /// @param life of the session, within which its deliveries are numbered
  /// @param owner the user whom it belongs to; null for nobody
  /// @param traceparent of the run that an event is about, as long as it is known
  ProgressDelivery(
      Outbox outbox,
      ProgressSink sink,
      Backlog backlog,
      AgentMetrics metrics,
      LongSupplier life,
      Supplier<@Nullable String> owner,
      Function<ProgressEvent, @Nullable String> traceparent,
      Duration retryDelay,
      ActorContext<Command> context,
      TimerScheduler<Command> timers) {
    this.outbox = outbox;
    this.sink = sink;
    this.backlog = backlog;
    this.metrics = metrics;
    this.life = life;
    this.owner = owner;
    this.traceparent = traceparent;
    this.retryDelay = retryDelay;
    this.context = context;
    this.timers = timers;
  }

  /// @param reason whether events have to wait; [#goOn] is called when they need not any more
  void blockWhile(BooleanSupplier reason) {
    isBlocked = reason;
  }

  /// Whether an event is on its way, rather than waiting for the sink to come back.
  boolean isGoingOn() {
    return isUnderWay || !timers.isTimerActive(Tick.REDELIVER);
  }

  void add(Telling telling) {
    int before = outbox.size();
    metrics.eventsDropped(Dropped.LOST, outbox.add(telling));
    backlog.changeBy(outbox.size() - before);
    goOn();
  }

  /// Sends the oldest event, unless one is under way or the sink is being left alone for a while.
  void goOn() {
    if (isUnderWay || timers.isTimerActive(Tick.REDELIVER) || isBlocked.getAsBoolean()) {
      return;
    }
    Telling head = outbox.tryHead();
    if (head != null) {
      isUnderWay = true;
      context.pipeToSelf(
          deliver(head),
          (outcome, failure) -> new Settled(outcome == null ? Outcome.UNREACHABLE : outcome));
    }
  }

  /// Hands an event over that the sink may not be able to write. Then an event in its place says
  /// so, and those behind it are not kept waiting for ever.
  private CompletionStage<Outcome> deliver(Telling telling) {
    ProgressEvent event = telling.event();
    try {
      return deliver(event, telling.n());
    } catch (RuntimeException | StackOverflowError e) {
      LOG.error("event {} ({}) cannot be delivered as it is", event.eventId(), event.step(), e);
    }
    try {
      return deliver(Writable.bare(event), telling.n());
    } catch (RuntimeException | StackOverflowError e) {
      LOG.error("event {} ({}) cannot be delivered at all", event.eventId(), event.step(), e);
      return CompletableFuture.completedFuture(Outcome.REFUSED);
    }
  }

  private CompletionStage<Outcome> deliver(ProgressEvent event, long n) {
    return sink.deliver(
        event, new Delivery(life.getAsLong(), n, owner.get()), traceparent.apply(event));
  }

  void settled(Outcome outcome) {
    isUnderWay = false;
    switch (outcome) {
      case DELIVERED -> removeHead();
      case REFUSED -> {
        LOG.warn("an event was refused; it is dropped");
        removeHead();
        metrics.eventsDropped(Dropped.REFUSED, 1);
      }
      case UNREACHABLE -> timers.startSingleTimer(Tick.REDELIVER, Tick.REDELIVER, retryDelay);
    }
    goOn();
  }

  /// What is not delivered now never will be.
  void giveUp() {
    forget();
    outbox.clear();
  }

  /// Counts what is left of it as dropped, here.
  void forget() {
    backlog.changeBy(-outbox.size());
    metrics.eventsDropped(Dropped.UNDELIVERED, outbox.size());
  }

  private void removeHead() {
    delivered = outbox.removeHead().n();
    backlog.changeBy(-1);
  }

  /// The number of the last event that has arrived.
  long delivered() {
    return delivered;
  }

  /// Goes on where an earlier life of the actor stopped.
  void resume(long arrived, List<Telling> undelivered) {
    delivered = arrived;
    undelivered.forEach(this::add);
  }

  List<Telling> undelivered() {
    return outbox.all();
  }

  boolean isDone() {
    return outbox.isEmpty();
  }

  int waiting() {
    return outbox.size();
  }
}
