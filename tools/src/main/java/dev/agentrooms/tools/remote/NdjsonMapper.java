package dev.agentrooms.tools.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.InvalidField;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.tools.Progress;
import java.util.List;

/// The plain protocol: one object a line, whose first known member says what it is. Lines with no
/// known member are skipped.
final class NdjsonMapper implements Mapper {

  @Override
  public List<Said> map(JsonNode line) {
    if (!line.isObject()) {
      throw new InvalidField("", "A line must be an object.");
    }
    if (line.has("delta")) {
      return List.of(new Said.Text(text(line, "delta")));
    }
    if (line.has("step")) {
      String step = text(line, "step");
      ObjectNode meta = line.get("meta") instanceof ObjectNode given ? given : Json.object();
      return List.of(
          new Said.Happened(new Progress(step, null, line.path("message").asText(step), meta)));
    }
    if (line.has("result")) {
      return List.of(new Said.Finished(line.get("result")));
    }
    if (line.has("error")) {
      JsonNode error = line.get("error");
      return List.of(
          new Said.Failed(error.isTextual() ? error.asText() : error.path("message").asText()));
    }
    return line.get("input") instanceof ObjectNode input
        ? List.of(new Said.Asks(List.of(Questions.of(input))))
        : List.of();
  }

  private static String text(JsonNode line, String name) {
    JsonNode value = line.get(name);
    if (!value.isTextual()) {
      throw new InvalidField(name, name + " must be a string");
    }
    return value.asText();
  }
}
