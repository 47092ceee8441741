package dev.agentrooms.webui.room;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicIntegerArray;

/// The epochs of rooms, those included that do not exist: a room's epoch can be told without making
/// the room, and is the one that it has when its first event comes.
///
/// It is a digest of a secret of this process, the session's id and a count of lives. When a room
/// that had events ends, its count goes up, so the next life has another epoch. Counts are shared
/// by the ids of one bucket: the memory for them is bounded, and all that the others notice is that
/// the epoch of a room without events changes.
final class RoomEpochs {

  private static final int BUCKETS = 1 << 14;

  private final byte[] secret = new byte[32];
  private final AtomicIntegerArray lives = new AtomicIntegerArray(BUCKETS);

  RoomEpochs() {
    new SecureRandom().nextBytes(secret);
  }

  /// The epoch of the room that is there, or would be made now.
  String of(String sessionId) {
    int life = lives.get(bucket(sessionId));
    byte[] id = sessionId.getBytes(UTF_8);
    MessageDigest digest = sha256();
    digest.update(secret);
    digest.update(ByteBuffer.allocate(4).putInt(life).flip());
    long bits = ByteBuffer.wrap(digest.digest(id)).getLong();
    // Ten digits or eleven.
    return Long.toString((bits >>> 14) + (1L << 50), 36);
  }

  /// A room that had events has ended.
  void ended(String sessionId) {
    lives.incrementAndGet(bucket(sessionId));
  }

  private static int bucket(String sessionId) {
    int hash = sessionId.hashCode() * 0x9e3779b9;
    return (hash ^ hash >>> 15) & BUCKETS - 1;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
  }
}
