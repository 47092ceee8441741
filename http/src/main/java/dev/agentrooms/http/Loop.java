package dev.agentrooms.http;

import java.util.concurrent.Executor;
import org.apache.pekko.http.javadsl.model.AttributeKey;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/// The event loop of a connection: the one thread on which everything of that connection runs, its
/// streams included.
///
/// A task given to [#execute] runs before the loop polls the network again. Work for many
/// connections is split into slices with [#executeAfterIo], so that the loop does I/O between two
/// slices.
public interface Loop extends Executor {

  /// The request attribute that holds the loop.
  AttributeKey<Loop> KEY = AttributeKey.create("loop", Loop.class);

  /// For callers without a connection: runs tasks on the caller's thread.
  Loop NONE =
      new Loop() {
        @Override
        public void execute(Runnable task) {
          task.run();
        }

        @Override
        public void executeAfterIo(Runnable task) {
          task.run();
        }
      };

  /// Runs `task` after the loop has polled the network once more.
  void executeAfterIo(Runnable task);

  static Loop of(HttpRequest request) {
    return request.getAttribute(KEY).orElse(NONE);
  }
}
