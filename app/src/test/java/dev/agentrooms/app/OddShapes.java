package dev.agentrooms.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Values of every shape but the expected one, and the places where an event could hold them.
final class OddShapes {

  /// Among them what a template engine or the browser would take for something of its own, and what
  /// JavaScript finds in every object.
  static final List<JsonNode> VALUES =
      List.of(
          json("null"),
          json("true"),
          json("0"),
          json("-1"),
          json("1e300"),
          json("123456789012345678901234567890"),
          json("\"\""),
          json("\"constructor\""),
          json("\"__proto__\""),
          json("\"9999-99-99T99:99:99Z\""),
          json("\"+10000-01-01T00:00:00Z\""),
          json("\"-271821-04-20T00:00:00Z\""),
          json("\"\\u202egnp.exe\\u2066\\u0000\\u200b\\ufeff\""),
          json("\"<img src=x onerror=hit()>\""),
          text("long ".repeat(20_000)),
          text("M".repeat(50_000)),
          json("[]"),
          json("[null]"),
          json("[[1,[2]],{\"a\":[]},\"text\",true]"),
          json("{}"),
          json("{\"length\":5,\"0\":1}"),
          json("{\"nodeType\":1}"),
          json("{\"_$litType$\":1}"),
          json("{\"_$litType$\":1,\"strings\":[\"<b>\",\"</b>\"],\"values\":[1]}"),
          json("{\"_$litDirective$\":1,\"values\":[]}"),
          json("{\"toString\":1,\"valueOf\":2,\"toJSON\":3,\"then\":4}"),
          json("{\"__proto__\":{\"a\":1},\"constructor\":{\"prototype\":1},\"hasOwnProperty\":1}"),
          json("{\"a\":{\"b\":{\"c\":{\"d\":[{\"e\":{\"f\":{\"g\":[[[[1]]]]}}}]}}}}"),
          nested(80));

  /// The steps that mean something to the page, with the members of `meta` that it reads.
  static final Map<String, List<String>> READ =
      Map.of(
          "queued", List.of("title", "position", "trace_id"),
          "intent_determined",
              List.of(
                  "question", "intent", "topic", "steps", "trace_id", "correlation_id", "status"),
          "start_retrieval", List.of("input", "input_bytes", "arguments", "call_id", "status"),
          "retrieval_done",
              List.of(
                  "output", "output_bytes", "chunks", "questions", "score", "max_score", "call_id"),
          "start_grading", List.of("input", "input_bytes"),
          "start_generate_exam", List.of("input"),
          "tool_retry", List.of("tool", "reason", "attempts"),
          "tool_error", List.of("tool", "reason", "status", "attempts"),
          "constructor",
              List.of(
                  "title", "call_id", "input", "output", "output_bytes", "duration_ms", "failed"));

  /// What the last event of a run says, besides its result.
  static final Map<String, List<String>> READ_AT_THE_END =
      Map.of(
          "final_answer",
              List.of("status", "result_url", "result_bytes", "duration_ms", "error", "text"),
          "cancelled", List.of("reason", "abandoned_tool"));

  /// Results as they should be, each to be spoilt in one place at a time.
  static final Map<String, JsonNode> RESULTS =
      Map.of(
          "quiz",
          json(
              """
              {"exam_id":"e","title":"t","questions":[
               {"id":"q1","text":"one","options":{"a":"A","b":"B"}}]}"""),
          "grade",
          json(
              """
              {"exam_id":"other","score":1,"max_score":2,"items":[
               {"question_id":"q1","correct":true,"expected":"a","comment":"yes"}]}"""),
          "answer",
          json(
              """
              {"answer":"Some *words*","chunks":[
               {"id":"n1","text":"note","source":"notes.md","score":0.5}]}"""));

  private OddShapes() {}

  /// Copies of `value`, each with one of the odd values at one of its places; the whole counts too.
  static List<JsonNode> spoilt(JsonNode value) {
    List<JsonNode> copies = new ArrayList<>(VALUES);
    List<String> names = new ArrayList<>();
    value.fieldNames().forEachRemaining(names::add);
    for (String name : names) {
      for (JsonNode part : spoilt(value.get(name))) {
        copies.add(((ObjectNode) value.deepCopy()).set(name, part));
      }
    }
    for (int i = 0; i < value.size() && value.isArray(); i++) {
      for (JsonNode part : spoilt(value.get(i))) {
        ArrayNode copy = value.deepCopy();
        copy.set(i, part);
        copies.add(copy);
      }
    }
    return copies;
  }

  /// A list in a list in a list.
  static JsonNode nested(int depth) {
    return json("[".repeat(depth) + "]".repeat(depth));
  }

  private static JsonNode text(String text) {
    return Json.mapper().getNodeFactory().textNode(text);
  }

  private static JsonNode json(String json) {
    return Json.parse(json.getBytes(UTF_8));
  }
}
