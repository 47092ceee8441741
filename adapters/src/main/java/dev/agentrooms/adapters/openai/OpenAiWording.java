package dev.agentrooms.adapters.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.adapters.Refusal;
import dev.agentrooms.adapters.Wording;
import dev.agentrooms.protocol.Json;
import java.util.Map;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.jspecify.annotations.Nullable;

/// Refusals as OpenAI's clients know them. They ask again after 409 and 5xx unless they are told
/// not to, which would be of no use here; after 429 it is.
final class OpenAiWording implements Wording {

  private static final String CODE = "code";

  private static final Map<String, String> PARAMS =
      Map.of(
          "question", "input",
          "session_id", "conversation",
          "on_busy", "metadata.on_busy",
          "run_id", "response_id");

  /// A refusal with a code of OpenAI's.
  static Refusal coded(int status, String code, String param, String detail) {
    Refusal refusal = Refusal.of(status, "Invalid request", detail, param);
    refusal.problem().put(CODE, code);
    return refusal;
  }

  static Refusal unsupported(String param) {
    return coded(400, "unsupported_parameter", param, param + " is not supported by this server.");
  }

  @Override
  public HttpResponse say(Refusal refusal) {
    ObjectNode error = Json.object().put("message", refusal.detail());
    error.put("type", type(refusal.status()));
    error.put("param", refusal.field().isEmpty() ? null : param(refusal.field()));
    error.put(
        CODE,
        refusal.problem().path(CODE).isTextual()
            ? refusal.problem().path(CODE).textValue()
            : code(refusal.status()));
    HttpResponse answer = Wording.json(refusal.status(), Json.object().set("error", error));
    return refusal.status() == 429
        ? answer
        : answer.addHeader(RawHeader.create("x-should-retry", "false"));
  }

  private static String param(String field) {
    return PARAMS.getOrDefault(field, field);
  }

  private static String type(int status) {
    return status == 429
        ? "rate_limit_error"
        : status >= 500 ? "server_error" : "invalid_request_error";
  }

  private static @Nullable String code(int status) {
    return switch (status) {
      case 400 -> "invalid_value";
      case 401 -> "invalid_api_key";
      case 403 -> "permission_denied";
      case 404 -> "not_found";
      case 405 -> "method_not_allowed";
      case 409 -> "conversation_locked";
      case 422 -> "idempotency_key_reused";
      case 429 -> "rate_limit_exceeded";
      default -> status >= 500 ? "server_error" : null;
    };
  }
}
