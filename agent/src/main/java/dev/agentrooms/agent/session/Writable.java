package dev.agentrooms.agent.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.ProgressEvent;
import java.util.Map;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Events that can be encoded, whatever a tool has put into them.
public final class Writable {

  private static final Logger LOG = LoggerFactory.getLogger(Writable.class);

  private Writable() {}

  /// The event, without the members that cannot be encoded.
  static ProgressEvent of(ProgressEvent event) {
    if (Shown.size(event) >= 0) {
      return event;
    }
    LOG.error("event {} cannot be written; some of it is left out", event.eventId());
    return without(event, value -> Shown.size(value) < 0);
  }

  /// The event reduced to its identity: arrays and objects in `meta` are removed, and
  /// `meta.left_out` names them.
  public static ProgressEvent bare(ProgressEvent event) {
    return without(event, JsonNode::isContainerNode);
  }

  private static ProgressEvent without(ProgressEvent event, Predicate<JsonNode> isLeftOut) {
    ObjectNode meta = Json.object();
    ArrayNode leftOut = Json.mapper().createArrayNode();
    if (event.meta() != null) {
      for (Map.Entry<String, JsonNode> member : event.meta().properties()) {
        if (isLeftOut.test(member.getValue())) {
          leftOut.add(member.getKey());
        } else {
          meta.set(member.getKey(), member.getValue());
        }
      }
    }
    return new ProgressEvent(
        event.eventId(),
        event.ts(),
        event.sessionId(),
        event.runId(),
        event.step(),
        event.tool(),
        event.level(),
        "Some of this event could not be written",
        meta.set("left_out", leftOut));
  }
}
