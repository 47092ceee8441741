package dev.agentrooms.adapters.a2a;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/// What the agent says to a call, before a binding puts it on the wire.
sealed interface Said {

  record Result(ObjectNode body) implements Said {}

  record Updates(Source<A2aMapper.Update, NotUsed> updates) implements Said {}

  record Failed(Failure why) implements Said {}

  static Said failed(Failure.Reason reason, String message) {
    return new Failed(new Failure(reason, message));
  }
}
