package dev.agentrooms.store;

import org.jspecify.annotations.Nullable;

/// The write that appends an event to a room.
final class RoomAppend extends Write {

  private final RoomHandle room;
  private final long seq;
  private final String eventId;
  private final byte[] body;
  private final RoomStore.Delivered delivered;
  private final @Nullable RoomProducer by;
  private final RoomStore.Appended answer;

  RoomAppend(
      RoomHandle room,
      long seq,
      String eventId,
      byte[] body,
      RoomStore.Delivered delivered,
      @Nullable RoomProducer by,
      boolean lasting,
      RoomStore.Appended answer) {
    super(128 + body.length, lasting);
    this.room = room;
    this.seq = seq;
    this.eventId = eventId;
    this.body = body;
    this.delivered = delivered;
    this.by = by;
    this.answer = answer;
  }

  @Override
  void apply(Transaction transaction) {
    transaction.rooms().add(this);
  }

  @Override
  void done() {
    answer.stored(seq);
  }

  @Override
  void failed(StoreFailure why) {
    answer.failed(seq, why);
  }

  @Override
  void lost(StoreFailure why) {
    room.failed(why);
  }

  RoomHandle room() {
    return room;
  }

  long seq() {
    return seq;
  }

  String eventId() {
    return eventId;
  }

  byte[] body() {
    return body;
  }

  RoomStore.Delivered delivered() {
    return delivered;
  }

  @Nullable RoomProducer by() {
    return by;
  }
}
