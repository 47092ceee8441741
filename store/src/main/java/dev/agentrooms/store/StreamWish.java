package dev.agentrooms.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The stream that a client wants there to be.
///
/// @param contentType null for the source's, or for bytes
/// @param ttlSeconds -1 for none
/// @param expiresAt in milliseconds; -1 for none
/// @param messages its first events
/// @param fork null for a stream of its own
public record StreamWish(
    String path,
    @Nullable String contentType,
    long ttlSeconds,
    long expiresAt,
    boolean isClosed,
    List<byte[]> messages,
    @Nullable Fork fork) {

  public static final String DEFAULT_TYPE = "application/octet-stream";

  /// Where the fork leaves its source.
  ///
  /// @param epoch of the offset; null for whichever the source has
  /// @param seq of the last event that it takes over; -1 for all that there are
  /// @param sub how many messages, or bytes of the next one, it takes over beyond that
  public record Fork(String source, @Nullable String epoch, long seq, long sub) {}

  /// The type that it would have without a source.
  String typeAlone() {
    return contentType == null ? DEFAULT_TYPE : contentType;
  }
}
