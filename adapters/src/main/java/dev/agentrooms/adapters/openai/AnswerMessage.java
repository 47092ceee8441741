package dev.agentrooms.adapters.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.adapters.RewoundText;
import dev.agentrooms.protocol.Json;

/// The one message of a response. Text that a model writes goes into it piece by piece; what it
/// says in the end is the run's answer.
final class AnswerMessage implements RewoundText {

  private static final String BETWEEN_PARTS = "\n\n";

  private ObjectNode item;
  private final ResponseState response;
  private final ResponseEvents events;
  private final StringBuilder written = new StringBuilder();
  private int place = -1;
  private String part = "";
  private int settled;
  private String settledPart = "";

  AnswerMessage(String id, ResponseState response, ResponseEvents events) {
    this.item = Items.message(id);
    this.response = response;
    this.events = events;
  }

  /// A piece of a text that may be the answer.
  void write(String ofPart, String text) {
    boolean isNew = place >= 0 && !part.equals(ofPart) && !written.isEmpty();
    part = ofPart;
    open();
    delta(isNew ? BETWEEN_PARTS + text : text);
  }

  private void open() {
    if (place >= 0) {
      return;
    }
    place = response.add(item);
    events.add("response.output_item.added", placed().set("item", item));
    content().add(Items.outputText(""));
    events.add("response.content_part.added", inContent().set("part", Items.outputText("")));
  }

  private void delta(String text) {
    written.append(text);
    say(written.toString());
    ObjectNode delta = inContent().put("delta", text);
    delta.putArray("logprobs");
    events.add("response.output_text.delta", delta);
  }

  @Override
  public void settle() {
    settled = written.length();
    settledPart = part;
  }

  @Override
  public void rewind() {
    written.setLength(settled);
    part = settledPart;
    if (place < 0) {
      return;
    }
    if (settled > 0) {
      say(written.toString());
      return;
    }
    response.remove(place);
    response.text("");
    item = Items.message(item.path("id").asText());
    place = -1;
  }

  /// The run has succeeded.
  ///
  /// @param answer what counts, whatever has been written before
  void complete(String answer) {
    open();
    if (answer.length() > written.length() && answer.startsWith(written.toString())) {
      delta(answer.substring(written.length()));
    }
    close(answer, "completed");
  }

  /// The run has ended otherwise. What was never begun is left out.
  void interrupt() {
    if (place >= 0) {
      close(written.toString(), "incomplete");
    }
  }

  private void close(String text, String status) {
    say(text);
    ObjectNode done = inContent().put("text", text);
    done.putArray("logprobs");
    events.add("response.output_text.done", done);
    events.add("response.content_part.done", inContent().set("part", Items.outputText(text)));
    item.put("status", status);
    events.add("response.output_item.done", placed().set("item", item));
    response.moveToEnd(place);
  }

  private void say(String text) {
    ((ObjectNode) content().get(0)).put("text", text);
    response.text(text);
  }

  private ArrayNode content() {
    return item.withArray("content");
  }

  private ObjectNode placed() {
    return Json.object().put("output_index", place);
  }

  private ObjectNode inContent() {
    return placed().put("item_id", item.path("id").asText()).put("content_index", 0);
  }
}
