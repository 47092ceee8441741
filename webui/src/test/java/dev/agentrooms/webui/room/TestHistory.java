package dev.agentrooms.webui.room;

import dev.agentrooms.protocol.ProgressEvent;

/// A room's events without the room, for those who test how they are read.
public final class TestHistory {

  private final History history;

  public TestHistory(int capacity) {
    history = new History("k3f9", capacity);
  }

  /// Lets `subscriber` read from the first event on.
  public void begin(Subscriber subscriber) {
    subscriber.begin(history, 1, () -> {});
  }

  public void append(ProgressEvent event) {
    history.append(EncodedEvent.of(event));
  }

  public long last() {
    return history.last();
  }

  public void close() {
    history.close(RoomEnd.RESTARTED);
  }
}
