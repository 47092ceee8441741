package dev.agentrooms.store;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Subscriptions to streams. Each change is decided and stored in one transaction, whichever node
/// it comes from.
public interface SubscriptionStore {

  /// What a change makes of a subscription.
  ///
  /// @param next null for none
  record Change<T>(@Nullable Subscription next, T answer) {}

  /// Decides on a change; may be asked again when another node has interfered.
  interface Step<T> {
    /// @param now null when there is none
    Change<T> of(@Nullable Subscription now);
  }

  /// @param nothing the answer until there is one
  <T> CompletionStage<T> change(String id, T nothing, Step<T> step);

  /// Streams that are there, in the order of their paths, which begin with `prefix`. Each is linked
  /// at its tail.
  CompletionStage<List<Subscription.Link>> streams(String prefix);

  /// The links to these paths, at their tails.
  CompletionStage<List<Subscription.Link>> links(List<String> paths);

  /// Those to look at: whose time has come, and that have a stream among `paths`.
  CompletionStage<List<String>> due(long now, List<String> paths);

  /// Those that have something to do, and no wake is under way: who appended has gone before they
  /// were looked at.
  CompletionStage<List<String>> missed();

  /// Whether there may be one of rooms.
  CompletionStage<Boolean> haveRooms();

  /// A secret of this store, made when it is first asked for.
  ///
  /// @param fresh what it is made
  CompletionStage<String> secret(String name, String fresh);
}
