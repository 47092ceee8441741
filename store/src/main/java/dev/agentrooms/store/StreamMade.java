package dev.agentrooms.store;

/// What became of a [StreamWish].
public sealed interface StreamMade {

  record Made(StreamInfo stream) implements StreamMade {}

  /// It was there already, as it was wanted.
  record Exists(StreamInfo stream) implements StreamMade {}

  /// There is one at its path that is not as it was wanted, or that has been deleted and is still
  /// read through its forks.
  record Taken(String why) implements StreamMade {}

  record NoSource() implements StreamMade {}

  /// The source has been deleted, or has another content type.
  record SourceUnfit(String why) implements StreamMade {}

  /// The source has no such place.
  record NoSuchOffset(String why) implements StreamMade {}
}
