package dev.agentrooms.webui.watch;

import dev.agentrooms.http.FrameWriter;
import dev.agentrooms.webui.room.RoomEnd;
import dev.agentrooms.webui.room.RoomEvent;
import dev.agentrooms.webui.room.Subscriber;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/// What one socket has to say: replies in their order, then events of the rooms that have some, in
/// turns, and in the end a close, after which nothing is said.
///
/// Events stay in their rooms until there is a batch to put them in, so that a peer that does not
/// read costs no more than that batch.
final class Outgoing {

  static final int LAGGED = 4008;
  static final int ROOM_RESTARTED = 1012;
  static final int TRY_AGAIN_LATER = 1013;

  private static final int BATCH_BYTES = 64 * 1024;
  private static final int EVENTS_PER_TURN = 64;
  private static final int MAX_REPLIES_UNREAD = 256;

  // Small, for the thousands of sockets that wait.
  private final Deque<ByteString> replies = new ArrayDeque<>(1);
  private final Deque<Subscription> line = new ArrayDeque<>(1);
  private @Nullable ByteString goodbye;
  private boolean saidGoodbye;
  private boolean lagged;
  private final boolean deflates;
  private Consumer<Subscription> takenOver = ended -> {};
  private int eventsInBatch;
  private int deltasInBatch;

  /// @param deflates whether events are sent compressed
  Outgoing(boolean deflates) {
    this.deflates = deflates;
  }

  /// @param farewell what is done when a room is another user's now
  void onTakenOver(Consumer<Subscription> farewell) {
    takenOver = farewell;
  }

  /// Whether commands may be carried out, or too many replies wait to be read.
  boolean hasRoom() {
    return replies.size() < MAX_REPLIES_UNREAD;
  }

  boolean hasReplies() {
    return !replies.isEmpty();
  }

  void reply(ByteString frame) {
    if (goodbye == null) {
      replies.add(frame);
    }
  }

  /// There may be something to read in its room.
  void ready(Subscription subscription) {
    if (goodbye == null && !subscription.isInLine()) {
      subscription.setInLine(true);
      line.add(subscription);
    }
  }

  /// Nothing more of its room.
  void drop(Subscription subscription) {
    if (subscription.isInLine()) {
      subscription.setInLine(false);
      line.remove(subscription);
    }
  }

  /// Says goodbye when the replies before it are out; the first goodbye counts.
  void close(int code, String reason) {
    if (goodbye == null) {
      goodbye = FrameWriter.close(code, reason);
      lagged = code == LAGGED;
    }
  }

  boolean isClosing() {
    return goodbye != null;
  }

  /// Whether it is closing because its reader fell behind.
  boolean isLagged() {
    return lagged;
  }

  /// How many events the last batch had.
  int eventsInBatch() {
    return eventsInBatch;
  }

  /// How many pieces of drafts the last batch had.
  int deltasInBatch() {
    return deltasInBatch;
  }

  /// Whether the close was handed out, and so everything before it.
  boolean isOver() {
    return saidGoodbye;
  }

  /// What goes out in one write; empty when there is nothing to say.
  ByteString next() {
    ByteString batch = ByteString.emptyByteString();
    eventsInBatch = 0;
    deltasInBatch = 0;
    batch = withReplies(batch);
    while (goodbye == null && !line.isEmpty() && batch.size() < BATCH_BYTES) {
      batch = withEventsOf(line.element(), batch);
    }
    batch = withReplies(batch);
    if (goodbye != null && !saidGoodbye && replies.isEmpty()) {
      batch = batch.concat(goodbye);
      saidGoodbye = true;
    }
    return batch;
  }

  private ByteString withReplies(ByteString batch) {
    ByteString longer = batch;
    while (!replies.isEmpty() && longer.size() < BATCH_BYTES) {
      longer = longer.concat(replies.remove());
    }
    return longer;
  }

  /// Adds some events of the room that is next, which then goes to the back of the line, or out of
  /// it when it has no more.
  private ByteString withEventsOf(Subscription next, ByteString batch) {
    drop(next);
    Subscriber subscriber = next.subscriber();
    ByteString longer = batch;
    for (int i = 0; i < EVENTS_PER_TURN && longer.size() < BATCH_BYTES; i++) {
      RoomEvent event = subscriber.poll();
      if (event == null) {
        if (subscriber.isLagged()) {
          close(LAGGED, "lagged");
        } else {
          end(next, subscriber.roomEnd());
        }
        return longer;
      }
      longer = longer.concat(deflates ? event.deflatedFrame() : event.frame());
      if (event.isDelta()) {
        deltasInBatch++;
      } else {
        eventsInBatch++;
      }
    }
    ready(next);
    return longer;
  }

  private void end(Subscription ended, @Nullable RoomEnd why) {
    switch (why) {
      case null -> {}
      case TAKEN_OVER -> takenOver.accept(ended);
      case RESTARTED -> close(ROOM_RESTARTED, "the room was restarted");
      case UNREACHABLE -> close(TRY_AGAIN_LATER, "the room cannot be reached");
    }
  }
}
