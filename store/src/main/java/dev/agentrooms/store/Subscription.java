package dev.agentrooms.store;

import java.util.List;

/// What wakes a worker when one of its streams has something new.
///
/// @param config as its client has it
/// @param pattern of the paths that it takes; empty for none
/// @param generation of the latest wake
/// @param wakeId of the wake that is under way; empty when there is none
/// @param holder the worker that has claimed it; empty when none has
/// @param leaseUntil when a wake ends that nobody finishes, in milliseconds; -1 for never
/// @param attempts how often its delivery has failed
/// @param nextAt when it is to be looked at again, in milliseconds; -1 for when there is something
public record Subscription(
    String id,
    String config,
    String pattern,
    long generation,
    String wakeId,
    String holder,
    long leaseUntil,
    long attempts,
    long nextAt,
    long createdAt,
    List<Link> links) {

  public Subscription {
    links = List.copyOf(links);
  }

  /// A stream of it.
  ///
  /// @param isExplicit whether it was named
  /// @param isMatched whether the pattern has it
  /// @param epoch of the place up to which it is done
  /// @param acked the `seq` of that place
  /// @param tailEpoch of the stream now; that of the place when there is none
  /// @param tail the `seq` of its last event
  public record Link(
      String path,
      boolean isExplicit,
      boolean isMatched,
      String epoch,
      long acked,
      String tailEpoch,
      long tail) {

    public boolean isPending() {
      return !epoch.equals(tailEpoch) ? tail > 0 : tail > acked;
    }

    /// The place up to which it is done, in the stream that there is now.
    public long ackedNow() {
      return epoch.equals(tailEpoch) ? acked : 0;
    }

    /// The same, done up to `seq`, which is never taken back.
    public Link done(long seq) {
      long next = Math.max(ackedNow(), Math.min(seq, tail));
      return new Link(path, isExplicit, isMatched, tailEpoch, next, tailEpoch, tail);
    }
  }

  public boolean isPending() {
    return links.stream().anyMatch(Link::isPending);
  }

  public Subscription with(List<Link> others) {
    return with(generation, wakeId, holder, leaseUntil, attempts, nextAt, others);
  }

  public Subscription with(
      long generation,
      String wakeId,
      String holder,
      long leaseUntil,
      long attempts,
      long nextAt,
      List<Link> links) {
    return new Subscription(
        id,
        config,
        pattern,
        generation,
        wakeId,
        holder,
        leaseUntil,
        attempts,
        nextAt,
        createdAt,
        links);
  }
}
