package dev.agentrooms.webui.room;

import dev.agentrooms.http.Loop;
import java.util.List;

/// One round of an audience over the watchers of one event loop, a few at a time.
///
/// Between two slices the loop looks at the network, so that whoever publishes is answered, and
/// what they publish next is there for the watchers whose turn is still to come. A whole round in
/// one go would send each event by itself.
final class Slices implements Runnable {

  private static final int SLICE = 8;

  private final Loop loop;
  private final List<Subscriber> watchers;
  private final Runnable onEnd;
  private int next;

  /// @param watchers of this loop
  /// @param onEnd called on the loop when all have had their turn
  Slices(Loop loop, List<Subscriber> watchers, Runnable onEnd) {
    this.loop = loop;
    this.watchers = watchers;
    this.onEnd = onEnd;
  }

  @Override
  public void run() {
    int end = Math.min(watchers.size(), next + SLICE);
    while (next < end) {
      watchers.get(next++).wakeUp();
    }
    if (next < watchers.size()) {
      loop.executeAfterIo(this);
    } else {
      // Behind those that were woken.
      loop.execute(onEnd);
    }
  }
}
