package dev.agentrooms.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.util.Objects;

/// The epoch that a room has before its first event. It can be told without making the room, by any
/// node and before and after a restart, and is the one that the room is made with.
///
/// It is a digest of a secret, the session's id and a count of lives. The count goes up when a room
/// that had events is forgotten, so that its next life has another epoch. The ids of one bucket
/// share a count: the space for them is bounded, and all that the others notice is that the epoch
/// of a room without events changes.
public final class FreshEpoch {

  private static final int BUCKETS = 1 << 14;

  private FreshEpoch() {}

  /// @param lives how many lives have ended in the id's [#bucket]
  public static String of(byte[] secret, String sessionId, int lives) {
    MessageDigest digest = sha256();
    digest.update(secret);
    digest.update(ByteBuffer.allocate(4).putInt(lives).flip());
    long bits = ByteBuffer.wrap(digest.digest(sessionId.getBytes(UTF_8))).getLong();
    // Ten digits or eleven.
    return Long.toString((bits >>> 14) + (1L << 50), 36);
  }

  public static int buckets() {
    return BUCKETS;
  }

  public static int bucket(String sessionId) {
    int hash = sessionId.hashCode() * 0x9e3779b9;
    return (hash ^ hash >>> 15) & BUCKETS - 1;
  }

  static String of(Db db, String sessionId) throws SQLException {
    String secret =
        Objects.requireNonNull(
            db.text("select value from store_state where name = 'epochs'"), "secret of epochs");
    long lives = db.number(0, "select lives from room_lives where bucket = ?", bucket(sessionId));
    return of(secret.getBytes(UTF_8), sessionId, (int) lives);
  }

  /// A room that had events is forgotten.
  static void ended(Db db, String sessionId) throws SQLException {
    db.update(
        "insert into room_lives (bucket, lives) values (?, 1)"
            + " on conflict (bucket) do update set lives = room_lives.lives + 1",
        bucket(sessionId));
  }

  /// Other epochs for all rooms that are not there.
  static void renew(Db db) throws SQLException {
    db.update("update store_state set value = lower(hex(randomblob(32))) where name = 'epochs'");
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
  }
}
