package dev.agentrooms.app.cluster;

/// This node could not become a member of its cluster. Another try may succeed.
public final class CannotJoin extends RuntimeException {

  CannotJoin(String why) {
    super(why, null, false, false);
  }
}
