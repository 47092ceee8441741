package dev.agentrooms.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A person's answer on its way back to the remote agent that asked. In a call's arguments:
/// `{"resume":[{"input_id":"q1","decision":"approve","value":…}]}`.
///
/// @param inputId the agent's name for the question
/// @param value null when the person gave none
public record RemoteAnswer(String inputId, boolean isApproved, @Nullable JsonNode value) {

  private static final String RESUME = "resume";

  /// Those in a call's arguments.
  public static List<RemoteAnswer> all(JsonNode arguments) {
    List<RemoteAnswer> answers = new ArrayList<>();
    for (JsonNode each : arguments.path(RESUME)) {
      answers.add(
          new RemoteAnswer(
              each.path("input_id").asText(),
              each.path("decision").asText().equals("approve"),
              each.get("value")));
    }
    return answers;
  }

  /// The arguments of a call that goes on after these answers.
  public static ObjectNode arguments(List<RemoteAnswer> answers) {
    ObjectNode arguments = Json.object();
    ArrayNode resume = arguments.putArray(RESUME);
    for (RemoteAnswer answer : answers) {
      ObjectNode each = resume.addObject().put("input_id", answer.inputId);
      each.put("decision", answer.isApproved ? "approve" : "reject");
      if (answer.value != null) {
        each.set("value", answer.value);
      }
    }
    return arguments;
  }
}
