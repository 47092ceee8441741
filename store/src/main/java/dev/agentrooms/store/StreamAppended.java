package dev.agentrooms.store;

/// What became of an append.
public sealed interface StreamAppended {

  record Missing() implements StreamAppended {}

  /// It has been deleted, and is still read through its forks.
  record Gone() implements StreamAppended {}

  /// @param isNew false when it had been appended before
  /// @param highest the highest number that was taken of the producer's epoch; 0 without a producer
  record Done(StreamInfo stream, boolean isNew, long highest) implements StreamAppended {}

  record Closed(StreamInfo stream) implements StreamAppended {}

  record OtherType(StreamInfo stream) implements StreamAppended {}

  /// A producer with a later epoch has taken over.
  record StaleProducer(long epoch) implements StreamAppended {}

  /// A producer's epoch must begin with 0.
  record NotAtZero() implements StreamAppended {}

  record Gap(long expected, long received) implements StreamAppended {}

  /// This stream takes nothing of this kind.
  record Unfit(String why) implements StreamAppended {}

  /// `writerSeq` is not greater than the last one.
  record WriterSeqTaken() implements StreamAppended {}
}
