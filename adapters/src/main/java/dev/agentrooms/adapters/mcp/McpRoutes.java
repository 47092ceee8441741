package dev.agentrooms.adapters.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.adapters.AdapterEdge;
import dev.agentrooms.adapters.AgentApi;
import dev.agentrooms.adapters.EventStream;
import dev.agentrooms.adapters.Refusal;
import dev.agentrooms.adapters.RunFeed;
import dev.agentrooms.adapters.Wording;
import dev.agentrooms.http.Headers;
import dev.agentrooms.http.Loop;
import dev.agentrooms.protocol.ApiDocument;
import dev.agentrooms.protocol.Fields;
import dev.agentrooms.protocol.InvalidField;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.SessionId;
import dev.agentrooms.webui.Doors;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;

/// `POST /mcp`, one message of JSON-RPC at a time. Every call says all that it needs, so that any
/// node can take it: there are no MCP sessions, and thus no `GET`.
public final class McpRoutes extends AdapterEdge {

  private static final List<String> VERSIONS =
      List.of("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05");
  private static final int PARSE_ERROR = -32700;
  private static final int INVALID_REQUEST = -32600;
  private static final int METHOD_NOT_FOUND = -32601;
  private static final int INVALID_PARAMS = -32602;

  private static final Wording WORDING =
      refusal ->
          Wording.json(
              refusal.status(),
              error(
                  NullNode.getInstance(),
                  refusal.title().equals("Malformed JSON") ? PARSE_ERROR : INVALID_REQUEST,
                  refusal.detail()));

  public McpRoutes(Doors doors) {
    super(doors, WORDING);
  }

  public Route routes() {
    return pathPrefix(
        "mcp",
        () ->
            protocol(
                pathEndOrSingleSlash(
                    () -> post(() -> ofKnownOrigin(() -> object(this::message))))));
  }

  private Route ofKnownOrigin(Supplier<Route> inner) {
    return extractRequest(
        request ->
            request.getHeader("Origin").isPresent() && !doors.origins().allows(request)
                ? refuse(Refusal.of(403, "Forbidden", "This origin is not allowed."))
                : inner.get());
  }

  private Route message(ObjectNode message) {
    JsonNode id = message.path("id");
    JsonNode method = message.path("method");
    if (!message.path("jsonrpc").asText().equals("2.0")) {
      return refuse(Refusal.of(400, "Invalid request", "It is no message of JSON-RPC 2.0."));
    }
    if (!method.isTextual() || !id.isTextual() && !id.isNumber()) {
      // A notification, or an answer: neither is answered.
      return complete(HttpResponse.create().withStatus(StatusCodes.ACCEPTED));
    }
    return extractRequest(
        request -> {
          String version =
              request.getHeader("MCP-Protocol-Version").map(HttpHeader::value).orElse("");
          return version.isEmpty() || VERSIONS.contains(version)
              ? request(id, method.textValue(), message.path("params"))
              : refuse(
                  Refusal.of(
                      400, "Invalid request", "MCP-Protocol-Version must be one of " + VERSIONS));
        });
  }

  private Route request(JsonNode id, String method, JsonNode params) {
    return switch (method) {
      case "initialize" -> result(id, initialized(params));
      case "ping" -> result(id, Json.object());
      case "tools/list" -> result(id, McpTools.list());
      case "tools/call" -> call(id, params);
      default -> json(200, error(id, METHOD_NOT_FOUND, "There is no method " + method + "."));
    };
  }

  private Route result(JsonNode id, ObjectNode result) {
    return json(200, answer(id, result));
  }

  private static ObjectNode initialized(JsonNode params) {
    String wished = params.path("protocolVersion").asText();
    ObjectNode result =
        Json.object()
            .put("protocolVersion", VERSIONS.contains(wished) ? wished : VERSIONS.getFirst());
    result.putObject("capabilities").putObject("tools").put("listChanged", false);
    result
        .putObject("serverInfo")
        .put("name", "agent-rooms")
        .put("title", "Agent Rooms")
        .put("version", ApiDocument.VERSION);
    return result.put(
        "instructions",
        "ask starts a run of the agent and waits for its answer; everybody who watches the session"
            + " sees it. Keep session_id to go on with the same conversation.");
  }

  private Route call(JsonNode id, JsonNode params) {
    if (!(params.path("arguments") instanceof ObjectNode)
        && !params.path("arguments").isMissingNode()) {
      return json(200, error(id, INVALID_PARAMS, "arguments must be an object"));
    }
    ObjectNode given =
        params.path("arguments") instanceof ObjectNode object ? object : Json.object();
    String session = given.path("session_id").asText();
    if (session.isEmpty()) {
      return unnamed(() -> called(id, params, given, null));
    }
    return SessionId.isValid(session)
        ? allowed(session, until -> called(id, params, given, until))
        : result(id, McpMapper.refused(Refusal.invalid("session_id", "session_id is no id")));
  }

  private Route called(JsonNode id, JsonNode params, ObjectNode given, @Nullable Instant until) {
    String tool = params.path("name").asText();
    // What is read of streams meanwhile is read on other threads.
    AgentApi own = agent.bound();
    McpCalls calls = new McpCalls(own, new RunFeed(own, doors.rooms()));
    CompletionStage<McpCalls.Came> came;
    try {
      came = calls.call(tool, Fields.of(given));
    } catch (InvalidField e) {
      return result(id, McpMapper.refused(Refusal.invalid(e.field(), e.detail())));
    }
    JsonNode token = params.path("_meta").path("progressToken");
    return came == null
        ? json(200, error(id, INVALID_PARAMS, "There is no tool " + tool + "."))
        : onSuccess(
            came,
            what ->
                switch (what) {
                  case McpCalls.Came.Not(Refusal why) -> result(id, McpMapper.refused(why));
                  case McpCalls.Came.Run run ->
                      shown(calls, id, token.isValueNode() ? token : null, run, until);
                });
  }

  private Route shown(
      McpCalls calls,
      JsonNode id,
      @Nullable JsonNode token,
      McpCalls.Came.Run run,
      @Nullable Instant until) {
    return extractRequest(
        request -> {
          Source<ObjectNode, ?> told =
              calls
                  .meanwhile(run, Loop.of(request))
                  .mapConcat(happening -> McpMapper.progress(token, happening));
          Source<ObjectNode, ?> all =
              told.concatLazy(
                  Source.lazyCompletionStage(
                      () -> calls.result(run).thenApply(result -> answer(id, result))));
          return run.waitSeconds() > 0 && takesStreams(request)
              ? complete(
                  EventStream.of(
                      all.map(each -> EventStream.event(null, "message", Json.encode(each)))
                          .mapMaterializedValue(unused -> NotUsed.getInstance()),
                      remaining(until),
                      doors.open()))
              : extractMaterializer(
                  materializer ->
                      onSuccess(all.runWith(Sink.last(), materializer), last -> json(200, last)));
        });
  }

  private static boolean takesStreams(HttpRequest request) {
    return Headers.parts(request, "accept").anyMatch(type -> type.startsWith("text/event-stream"));
  }

  private static ObjectNode answer(JsonNode id, ObjectNode result) {
    ObjectNode answer = Json.object().put("jsonrpc", "2.0");
    answer.set("id", id);
    return answer.set("result", result);
  }

  private static ObjectNode error(JsonNode id, int code, String message) {
    ObjectNode answer = Json.object().put("jsonrpc", "2.0");
    answer.set("id", id);
    return answer.set("error", Json.object().put("code", code).put("message", message));
  }
}
