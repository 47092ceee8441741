package dev.agentrooms.http;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.UnaryOperator;

/// What a server says of the node that it is part of.
public interface NodeStatus {

  /// Whether the node can serve, and what is in its way.
  enum Readiness {
    READY,
    /// It is starting or stopping.
    NOT_UP,
    STORE_AWAY,
    STORE_FULL,
    /// The folder of notes has not been read yet.
    NOTES_UNREAD,
    /// An MCP server has not answered yet which tools it has.
    TOOLS_UNLISTED
  }

  Readiness readiness();

  /// How many nodes of its cluster are up, as it knows; 0 when it is to be the only one.
  default int members() {
    return 0;
  }

  /// The same for a server of the node, which can have more in its way.
  default NodeStatus with(UnaryOperator<Readiness> more) {
    NodeStatus node = this;
    return new NodeStatus() {
      @Override
      public Readiness readiness() {
        return more.apply(node.readiness());
      }

      @Override
      public int members() {
        return node.members();
      }
    };
  }

  /// Registers what is measured of the node as a whole; each of its servers shows it.
  default void bindTo(MeterRegistry registry) {}
}
