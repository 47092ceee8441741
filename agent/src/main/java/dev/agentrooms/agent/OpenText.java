package dev.agentrooms.agent;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.agent.session.SessionCommand.EndAttempt;
import dev.agentrooms.agent.session.Step.AttemptId;
import dev.agentrooms.protocol.Delta;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.tools.ToolResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The text of an attempt that is under way, and how far it has been sent. Only [Texts] uses it.
final class OpenText {

  private static final int MAX_TEXT_BYTES = 64 * 1024;
  private static final int MAX_PARTIAL_BYTES = 16 * 1024;

  final AttemptId id;
  final String runId;
  final String part;
  final AttemptText text;
  final List<Long> cuts = new ArrayList<>();
  int sent;
  long offset;
  boolean isPausing;
  @Nullable Delta underWay;
  boolean isLost;
  @Nullable EndAttempt end;

  OpenText(AttemptId id, String runId, String part, AttemptText text) {
    this.id = id;
    this.runId = runId;
    this.part = part;
    this.text = text;
  }

  /// Whether all of it that there is has been sent.
  boolean isOut() {
    return underWay == null && sent >= text.length();
  }

  /// An end of the attempt, with what there is to say of its text.
  EndAttempt with(EndAttempt given) {
    if (text.length() == 0) {
      return given;
    }
    return new EndAttempt(
        given.attempt(),
        switch (given.result()) {
          case ToolResult.Succeeded done ->
              new ToolResult.Succeeded(done.output(), whole(done.meta().deepCopy()), done.hidden());
          case ToolResult.Failed failed ->
              new ToolResult.Failed(
                  failed.reason(),
                  failed.status(),
                  failed.detail(),
                  failed.retryAfter(),
                  partial(text.all(), failed.meta().deepCopy()));
          case ToolResult.Asks asks ->
              new ToolResult.Asks(asks.requests(), whole(asks.meta().deepCopy()));
          case ToolResult.Stopped stopped ->
              new ToolResult.Stopped(
                  partial(text.all().substring(0, sent), stopped.meta().deepCopy()));
        });
  }

  private ObjectNode whole(ObjectNode meta) {
    String all = text.all();
    int bytes = all.getBytes(StandardCharsets.UTF_8).length;
    meta.put("part", part);
    if (bytes <= MAX_TEXT_BYTES) {
      meta.put("text", all);
    } else {
      meta.put("text_bytes", bytes);
    }
    return meta.set("cuts", cuts(all));
  }

  /// Where deltas began, and would have begun of what was not sent.
  private ArrayNode cuts(String whole) {
    ArrayNode all = Json.mapper().createArrayNode();
    long length = whole.codePointCount(0, whole.length());
    cuts.stream().filter(cut -> cut < length).forEach(all::add);
    int at = sent;
    long from = offset;
    while (at < whole.length()) {
      if (from > 0) {
        all.add(from);
      }
      int to = AttemptText.end(whole, at, Delta.MAX_BYTES);
      from += whole.codePointCount(at, to);
      at = to;
    }
    return all;
  }

  private ObjectNode partial(String written, ObjectNode meta) {
    meta.put("part", part);
    String shown = written.substring(0, AttemptText.end(written, 0, MAX_PARTIAL_BYTES));
    meta.put("partial_text", shown);
    return meta.set("cuts", cuts(shown));
  }
}
