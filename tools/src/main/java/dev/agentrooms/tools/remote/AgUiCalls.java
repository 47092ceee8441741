package dev.agentrooms.tools.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.agentrooms.protocol.InvalidField;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.MalformedJson;
import dev.agentrooms.tools.Progress;
import dev.agentrooms.tools.ToolDefaults;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The tool calls of a remote agent, whose arguments come in pieces.
final class AgUiCalls {

  // More is shown by its size.
  private static final int MAX_ARGUMENTS = 4 * 1024;
  private static final int MAX_CALLS = 1000;

  private static final class Call {
    private final String name;
    private final StringBuilder arguments = new StringBuilder();
    private long length;
    private boolean isTold;

    Call(String name) {
      this.name = name;
    }

    JsonNode shown() {
      return length == 0 ? Json.object() : json(arguments.toString());
    }

    void add(String more) {
      length += more.length();
      if (arguments.length() <= MAX_ARGUMENTS) {
        arguments.append(more);
      }
    }
  }

  private final Map<String, Call> calls = new LinkedHashMap<>();
  private @Nullable String chunked;

  void start(JsonNode event) {
    if (calls.size() == MAX_CALLS) {
      throw new InvalidField("toolCallId", "There are more than " + MAX_CALLS + " tool calls.");
    }
    Members members = Members.of(event);
    calls.put(members.text("toolCallId"), new Call(members.text("toolCallName")));
  }

  void arguments(JsonNode event) {
    Members members = Members.of(event);
    add(calls.get(members.text("toolCallId")), members);
  }

  void end(JsonNode event, List<Said> said) {
    tell(Members.of(event).text("toolCallId"), said);
  }

  /// A piece of a call that has neither a start nor an end; the first one names its tool.
  void chunk(JsonNode event, List<Said> said) {
    Members members = Members.of(event);
    String id = members.text("toolCallId", chunked == null ? "" : chunked);
    if (!id.equals(chunked)) {
      endChunks(said);
      chunked = id;
    }
    if (!calls.containsKey(id)) {
      start(event);
    }
    add(calls.get(id), members);
  }

  private static void add(@Nullable Call call, Members piece) {
    String more = piece.text("delta", "");
    if (call != null) {
      call.add(more);
    }
  }

  /// Something else than a piece has come.
  void endChunks(List<Said> said) {
    if (chunked != null) {
      tell(chunked, said);
      chunked = null;
    }
  }

  /// Nothing more comes.
  void endAll(List<Said> said) {
    new ArrayList<>(calls.keySet()).forEach(id -> tell(id, said));
  }

  @Nullable String name(String id) {
    Call call = calls.get(id);
    return call == null ? null : call.name;
  }

  /// Null for an unknown call, and for arguments that are too large to be shown.
  @Nullable JsonNode argumentsOf(String id) {
    Call call = calls.get(id);
    return call == null || call.length > MAX_ARGUMENTS ? null : call.shown();
  }

  void result(JsonNode event, List<Said> said) {
    String id = Members.of(event).text("toolCallId");
    tell(id, said);
    Call call = calls.remove(id);
    String name = call == null ? "tool" : call.name;
    JsonNode content = event.path("content");
    ObjectNode meta = Json.object().put("call_id", id).put("tool", name);
    meta.set("output", content.isTextual() ? json(content.asText()) : content);
    said.add(new Said.Happened(new Progress("tool_call_done", name, name + ": done", meta)));
  }

  private void tell(String id, List<Said> said) {
    Call call = calls.get(id);
    if (call == null || call.isTold) {
      return;
    }
    call.isTold = true;
    ObjectNode meta = Json.object().put("call_id", id).put("tool", call.name);
    meta.put("title", call.name);
    if (call.length > MAX_ARGUMENTS) {
      meta.put("arguments_bytes", call.length);
    } else {
      meta.set("arguments", call.shown());
    }
    said.add(
        new Said.Happened(new Progress("start_tool_call", call.name, "Calls " + call.name, meta)));
  }

  private static JsonNode json(String text) {
    try {
      return Json.parse(text.getBytes(StandardCharsets.UTF_8), ToolDefaults.MAX_TOKENS);
    } catch (MalformedJson e) {
      return TextNode.valueOf(text);
    }
  }
}
