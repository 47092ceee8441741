package dev.agentrooms.webui.room;

/// What becomes of a wish to make or to forget a room.
public sealed interface Change permits Change.Done, Refused {

  /// @param wasThere whether it was recorded before
  record Done(boolean wasThere) implements Change {}
}
