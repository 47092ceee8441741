package dev.agentrooms.webui.room;

import dev.agentrooms.protocol.Delivery;
import dev.agentrooms.webui.room.RoomCommand.Publish;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// An event that has its `seq` and is on its way into the log. Whoever publishes it again meanwhile
/// waits for the same answer.
final class Pending implements RoomLog.Receipt {

  private final long seq;
  private final Publish publish;
  private final @Nullable Delivery delivered;
  private final Consumer<RoomCommand> room;
  private List<Publish> again = List.of();
  private boolean dropped;

  /// @param delivered the latest delivery, this one included
  /// @param room told what becomes of it
  Pending(long seq, Publish publish, @Nullable Delivery delivered, Consumer<RoomCommand> room) {
    this.seq = seq;
    this.publish = publish;
    this.delivered = delivered;
    this.room = room;
  }

  long seq() {
    return seq;
  }

  EncodedEvent event() {
    return publish.event();
  }

  @Nullable Delivery delivered() {
    return delivered;
  }

  /// Who published it first.
  Publish publish() {
    return publish;
  }

  /// Who published it again.
  List<Publish> again() {
    return again;
  }

  void add(Publish repeated) {
    if (again.isEmpty()) {
      again = new ArrayList<>();
    }
    again.add(repeated);
  }

  /// It was given up: what the log may yet say of it is too late.
  void drop() {
    dropped = true;
  }

  boolean isDropped() {
    return dropped;
  }

  @Override
  public void recorded() {
    room.accept(new RoomCommand.Recorded(this));
  }

  @Override
  public void failed(RoomLog.Failure why) {
    room.accept(new RoomCommand.NotRecorded(this, why));
  }
}
