package dev.agentrooms.webui.room;

import dev.agentrooms.store.FreshEpoch;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicIntegerArray;

/// The epochs of rooms that live in memory alone, those included that do not exist: as a store
/// keeps them ([FreshEpoch]), for as long as this process lives.
final class RoomEpochs {

  private final byte[] secret = new byte[32];
  private final AtomicIntegerArray lives = new AtomicIntegerArray(FreshEpoch.buckets());

  RoomEpochs() {
    new SecureRandom().nextBytes(secret);
  }

  /// The epoch of the room that is there, or would be made now.
  String of(String sessionId) {
    return FreshEpoch.of(secret, sessionId, lives.get(FreshEpoch.bucket(sessionId)));
  }

  /// A room that had events has ended.
  void ended(String sessionId) {
    lives.incrementAndGet(FreshEpoch.bucket(sessionId));
  }
}
