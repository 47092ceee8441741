package dev.agentrooms.webui.streams;

import dev.agentrooms.store.Subscription;
import dev.agentrooms.store.Subscription.Link;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What becomes of a subscription: it is idle, or a wake is under way, which a worker may hold.
final class Wakes {

  private static final long FIRST_RETRY = 1_000;
  private static final long LAST_RETRY = 60_000;

  private Wakes() {}

  static boolean isIdle(Subscription it) {
    return it.wakeId().isEmpty();
  }

  /// As it is when a wake that nobody has finished in its time has ended.
  static Subscription at(Subscription it, long now) {
    return !isIdle(it) && it.leaseUntil() >= 0 && it.leaseUntil() <= now ? idle(it) : it;
  }

  static Subscription idle(Subscription it) {
    return it.with(it.generation(), "", "", -1, 0, -1, it.links());
  }

  /// The next wake, whose delivery has `lease` to be done, if one is due.
  ///
  /// @return null when there is nothing to wake for, or a wake is under way
  static @Nullable Subscription woken(Subscription it, String wakeId, long until) {
    return isIdle(it) && it.isPending()
        ? it.with(it.generation() + 1, wakeId, "", until, 0, until, it.links())
        : null;
  }

  /// A wake that a worker is told of, and that waits for one without an end.
  static Subscription told(Subscription it) {
    return it.with(it.generation(), it.wakeId(), it.holder(), -1, 0, -1, it.links());
  }

  static Subscription held(Subscription it, String holder, long until) {
    return it.with(it.generation(), it.wakeId(), holder, until, 0, until, it.links());
  }

  /// A wake whose delivery has failed, and is tried again.
  ///
  /// @param jitter from 0.8 to 1.2
  static Subscription failed(Subscription it, long now, double jitter, long lease) {
    long pause = FIRST_RETRY << Math.min(it.attempts(), 6);
    long next = now + (long) (Math.min(pause, LAST_RETRY) * jitter);
    return it.with(
        it.generation(),
        it.wakeId(),
        it.holder(),
        next + lease,
        it.attempts() + 1,
        next,
        it.links());
  }

  /// Whether a request is about the wake that is under way.
  static boolean isOf(Subscription it, String wakeId, long generation) {
    return !isIdle(it) && it.wakeId().equals(wakeId) && it.generation() == generation;
  }

  /// @param acks by path, the `seq` up to which it is done
  static Subscription acked(Subscription it, Map<String, Long> acks) {
    List<Link> links =
        it.links().stream()
            .map(
                link -> {
                  Long seq = acks.get(link.path());
                  return seq == null ? link : link.done(seq);
                })
            .toList();
    return it.with(links);
  }
}
