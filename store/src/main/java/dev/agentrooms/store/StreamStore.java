package dev.agentrooms.store;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/// Ordinary streams: each a log of messages at a path, of one content type.
///
/// What is written to one is decided and stored in one transaction, in the order of its commits,
/// whichever node of those that share the store it came to.
public interface StreamStore {

  /// What became of a wish to delete.
  enum Deleted {
    DONE,
    /// It is read through its forks until the last of them is deleted.
    DONE_BUT_KEPT,
    MISSING,
    /// It had been deleted, and is still read through its forks.
    GONE
  }

  CompletionStage<StreamMade> make(StreamWish wish);

  CompletionStage<StreamAppended> append(String path, StreamAppend what);

  CompletionStage<Deleted> delete(String path);

  /// The stream and its messages after `after`, as many as fit into `bytes`, and at least one. Does
  /// not count as use; see [#touch].
  ///
  /// @param after the `seq` of the last message that is known; -1 for all that are kept
  /// @param bytes 0 for no messages
  CompletionStage<StreamPage> read(String path, long after, int bytes);

  /// Begins the time anew in which the stream may be idle.
  CompletionStage<Void> touch(String path);

  /// What changes when something is appended to a stream, or it is closed or made anew.
  record State(long id, long tail, boolean isClosed) {}

  /// The states of those streams that are there.
  CompletionStage<Map<String, State>> states(Collection<String> paths);

  /// Deletes streams whose time is over.
  ///
  /// @return their paths
  CompletionStage<List<String>> forgetExpired();
}
