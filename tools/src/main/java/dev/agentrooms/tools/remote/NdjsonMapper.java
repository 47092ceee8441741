package dev.agentrooms.tools.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.InvalidField;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.tools.Progress;
import java.util.List;

/// The plain protocol: one object a line, whose member says what it is. Lines with no known member
/// are skipped, and of one with several the first in this order counts: what a line says of a
/// failure is never taken for a success.
final class NdjsonMapper implements Mapper {

  @Override
  public List<Said> map(JsonNode line) {
    if (!line.isObject()) {
      throw new InvalidField("", "A line must be an object.");
    }
    Members members = Members.of(line);
    if (members.has("delta")) {
      return List.of(new Said.Text(members.text("delta")));
    }
    if (members.has("step")) {
      return List.of(new Said.Happened(progress(members)));
    }
    if (members.has("error")) {
      JsonNode error = line.get("error");
      return List.of(
          new Said.Failed(error.isTextual() ? error.asText() : error.path("message").asText()));
    }
    if (members.has("input")) {
      return List.of(
          new Said.Asks(List.of(Questions.of(new Members(members.object("input"), "input.")))));
    }
    return line.has("result") ? List.of(new Said.Finished(line.get("result"))) : List.of();
  }

  private static Progress progress(Members line) {
    String step = line.text("step");
    ObjectNode meta = line.object("meta") instanceof ObjectNode given ? given : Json.object();
    return new Progress(step, null, line.text("message", step), meta);
  }
}
