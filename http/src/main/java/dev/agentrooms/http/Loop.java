package dev.agentrooms.http;

import java.util.concurrent.Executor;
import org.apache.pekko.http.javadsl.model.AttributeKey;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/// The event loop of a connection: the one thread on which all that belongs to it runs, its streams
/// included.
///
/// A task given to [#execute] runs before the loop looks at the network again. Work for many
/// connections is cut into slices by [#executeAfterIo], so that what arrives meanwhile is read
/// between two slices.
public interface Loop extends Executor {

  /// The loop as an attribute of a request.
  AttributeKey<Loop> KEY = AttributeKey.create("loop", Loop.class);

  /// A place to run for those who have no connection: the caller's thread.
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

  /// Runs `task` after the loop has looked at the network once more.
  void executeAfterIo(Runnable task);

  static Loop of(HttpRequest request) {
    return request.getAttribute(KEY).orElse(NONE);
  }
}
