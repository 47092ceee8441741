package dev.agentrooms.adapters.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Json;

/// The tools as hosts are told of them.
final class McpTools {

  private static final String RUN =
      """
      {"type":"object","required":["session_id","run_id","status"],"properties":{
        "session_id":{"type":"string"},"run_id":{"type":"string"},
        "status":{"type":"string","description":"queued, running, cancelling, waiting, succeeded, failed or cancelled"},
        "question":{"type":"string"},"text":{"type":"string"},
        "error":{"type":"string"}}}""";

  private static final String TOOLS =
      """
      [
        {"name":"ask","title":"Ask the agent",
         "description":"Starts a run for a question and waits for its answer. When the run takes longer, or a person is asked first, it says so: get_run tells more, answer answers.",
         "inputSchema":{"type":"object","required":["question"],"properties":{
           "question":{"type":"string","description":"1 to 8000 characters"},
           "session_id":{"type":"string","description":"The conversation to go on with; a new one without"},
           "on_busy":{"type":"string","enum":["reject","enqueue","interrupt"],"description":"When the session has a run already; reject without"},
           "workflow":{"type":"string","description":"Chosen by the question without"},
           "input":{"type":"object","description":"What the workflow takes"},
           "num_questions":{"type":"integer","minimum":1,"maximum":50},
           "idempotency_key":{"type":"string","description":"The same key and question are the same run"},
           "wait_seconds":{"type":"integer","minimum":0,"maximum":300,"description":"45 without"}}},
         "annotations":{"readOnlyHint":false,"destructiveHint":false,"idempotentHint":false,"openWorldHint":true}},
        {"name":"get_run","title":"Look at a run",
         "description":"What a run has come to, waiting for its end if wished.",
         "inputSchema":{"type":"object","required":["session_id"],"properties":{
           "session_id":{"type":"string"},
           "run_id":{"type":"string","description":"The session's newest without"},
           "wait_seconds":{"type":"integer","minimum":0,"maximum":300,"description":"0 without"}}},
         "annotations":{"readOnlyHint":true,"openWorldHint":false}},
        {"name":"answer","title":"Answer for a person",
         "description":"Answers what a run asks a person. Only for what a person has decided.",
         "inputSchema":{"type":"object","required":["session_id","run_id","decision"],"properties":{
           "session_id":{"type":"string"},"run_id":{"type":"string"},
           "input_id":{"type":"string","description":"What is open without"},
           "decision":{"type":"string","enum":["approve","reject"]},
           "value":{"description":"Replaces what was asked about, where that may be edited"},
           "comment":{"type":"string"},
           "wait_seconds":{"type":"integer","minimum":0,"maximum":300,"description":"45 without"}}},
         "annotations":{"readOnlyHint":false,"destructiveHint":true,"idempotentHint":true,"openWorldHint":true}},
        {"name":"cancel","title":"Cancel a run",
         "description":"Stops a run and the tool that it calls.",
         "inputSchema":{"type":"object","required":["session_id"],"properties":{
           "session_id":{"type":"string"},
           "run_id":{"type":"string","description":"The one in flight without"}}},
         "annotations":{"readOnlyHint":false,"destructiveHint":true,"idempotentHint":true,"openWorldHint":false}}
      ]""";

  private McpTools() {}

  static ObjectNode list() {
    JsonNode tools = Json.parse(TOOLS.getBytes(UTF_8));
    for (JsonNode tool : tools) {
      ((ObjectNode) tool).set("outputSchema", Json.parse(RUN.getBytes(UTF_8)));
    }
    return Json.object().set("tools", tools);
  }
}
