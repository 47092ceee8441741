package dev.agentrooms.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a client appends to a stream.
///
/// @param contentType of the messages; null when there are none
/// @param closes whether nothing comes after it
/// @param producer null for one that does not number its requests
/// @param writerSeq a text that must be greater than the last one; null for none
public record StreamAppend(
    @Nullable String contentType,
    List<byte[]> messages,
    boolean closes,
    @Nullable Producer producer,
    @Nullable String writerSeq) {

  /// A producer's number of a request.
  public record Producer(String id, long epoch, long seq) {}
}
