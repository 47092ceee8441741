package dev.agentrooms.adapters.langgraph;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.adapters.RewoundText;
import dev.agentrooms.adapters.langgraph.Shown.Kind;
import dev.agentrooms.protocol.Json;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// The text of a run as one message that grows, in both forms in which LangGraph shows it: chunks
/// of a run's stream, and content blocks of a thread's.
///
/// All that a run writes is its answer until the end says what that is; what is missing then
/// follows.
final class RunText implements RewoundText {

  private final String runId;
  private final StringBuilder written = new StringBuilder();
  private int settled;

  RunText(String runId) {
    this.runId = runId;
  }

  void on(String piece, BiConsumer<Kind, JsonNode> show) {
    if (piece.isEmpty()) {
      return;
    }
    if (written.isEmpty()) {
      begin(show);
    }
    written.append(piece);
    show.accept(Kind.CHUNK, Messages.chunk(runId, piece));
    ObjectNode delta = block("content-block-delta");
    delta.putObject("delta").put("type", "text-delta").put("text", piece);
    show.accept(Kind.MESSAGE, delta);
  }

  private void begin(BiConsumer<Kind, JsonNode> show) {
    show.accept(
        Kind.MESSAGE,
        Json.object()
            .put("event", "message-start")
            .put("role", "ai")
            .put("id", Messages.answerId(runId)));
    show.accept(Kind.MESSAGE, content("content-block-start", ""));
  }

  @Override
  public void settle() {
    settled = written.length();
  }

  @Override
  public void rewind() {
    written.setLength(settled);
  }

  /// @param answer null when the run has none
  void end(@Nullable String answer, BiConsumer<Kind, JsonNode> show) {
    if (answer != null) {
      on(missing(answer), show);
    }
    if (!written.isEmpty()) {
      show.accept(Kind.MESSAGE, content("content-block-finish", written.toString()));
      show.accept(Kind.MESSAGE, Json.object().put("event", "message-finish"));
    }
  }

  private String missing(String answer) {
    String before = written.toString();
    if (answer.startsWith(before)) {
      return answer.substring(before.length());
    }
    return before.endsWith(answer) ? "" : "\n\n" + answer;
  }

  private static ObjectNode block(String event) {
    return Json.object().put("event", event).put("index", 0);
  }

  private static ObjectNode content(String event, String text) {
    ObjectNode block = block(event);
    block.putObject("content").put("type", "text").put("text", text);
    return block;
  }
}
