package dev.agentrooms.store;

import java.util.List;

/// What was found of a stream.
public sealed interface StreamPage {

  record Missing() implements StreamPage {}

  /// It has been deleted, and is still read through its forks.
  record Gone() implements StreamPage {}

  /// What comes next to the place that was asked for is no longer kept.
  record NotRetained() implements StreamPage {}

  /// @param messages those after the place that was asked for, as far as they fit
  /// @param last the `seq` of the last of them; of the place that was asked for when there are none
  record Found(StreamInfo stream, List<byte[]> messages, long last) implements StreamPage {

    public boolean isAtTail() {
      return last >= stream.tail();
    }
  }
}
