package dev.agentrooms.webui.room;

import dev.agentrooms.protocol.Delta;
import dev.agentrooms.webui.room.CopyCommand.Batch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a node has of a room that another node holds: the events that its watchers read, filled
/// with what the room sends. It takes each event once, in order; with events up to 7, a batch of 6
/// to 9 adds 8 and 9, and one that begins with 9 adds nothing, because 8 has been lost.
final class CopiedRoom {

  private static final Logger LOG = LoggerFactory.getLogger(CopiedRoom.class);

  private final String sessionId;
  private final Audience audience;
  private final History history;
  private final RoomMetrics metrics;

  CopiedRoom(String sessionId, Audience audience, RoomMetrics metrics) {
    this.sessionId = sessionId;
    this.audience = audience;
    this.history = audience.history();
    this.metrics = metrics;
  }

  Audience audience() {
    return audience;
  }

  long last() {
    return history.last();
  }

  /// Whether the room that is found is the one that this is a copy of: neither another life of it,
  /// nor one that knows less.
  boolean isOf(CopyCommand.Following found) {
    return history.epoch().equals(found.epoch()) && found.last() >= history.last();
  }

  /// @return false when an event before these has been lost
  boolean take(Batch batch) {
    if (batch.from() > history.last() + 1) {
      return false;
    }
    long seq = batch.from();
    for (CopyCommand.Shown next : batch.shown()) {
      switch (next) {
        case CopyCommand.Event(String eventId, byte[] json) -> {
          if (seq++ > history.last()) {
            append(new EncodedEvent(sessionId, eventId, json));
          }
        }
        case CopyCommand.Text(Delta delta) -> {
          var _ = audience.wrote(delta);
        }
      }
    }
    return true;
  }

  /// Takes what the room's log still has; and goes on without what nobody has any more.
  ///
  /// @param first the first `seq` that the room retains
  void take(Retained missed, long first) {
    long before = history.last();
    if (missed.epoch().equals(history.epoch())) {
      for (RoomEvent event : missed.events()) {
        if (event.seq() > history.last()) {
          skipTo(event.seq());
          append(event.encoded(sessionId));
        }
      }
    }
    if (history.last() == before) {
      skipTo(first);
    }
  }

  private void append(EncodedEvent event) {
    audience.appending(history.last() + 1, event);
    if (history.append(event)) {
      metrics.evicted();
    }
  }

  private void skipTo(long seq) {
    long lost = seq - history.last() - 1;
    if (lost > 0) {
      LOG.warn("{} events of room {} are lost to the watchers of this node", lost, sessionId);
      history.skipTo(seq - 1);
    }
  }
}
