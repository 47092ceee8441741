package dev.agentrooms.adapters.a2a;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.adapters.Refusal;
import dev.agentrooms.protocol.Json;

/// Why something is not done, in the words of A2A.
///
/// @param headers to be sent with it over plain HTTP
record Failure(Reason reason, String message, Refusal.Headers headers) {

  Failure(Reason reason, String message) {
    this(reason, message, Refusal.Headers.NONE);
  }

  /// @see <a href="https://a2a-protocol.org/v1.0.0/specification/">Section 5.4</a>
  enum Reason {
    TASK_NOT_FOUND(-32001, 404, "NOT_FOUND"),
    TASK_NOT_CANCELABLE(-32002, 400, "FAILED_PRECONDITION"),
    PUSH_NOTIFICATION_NOT_SUPPORTED(-32003, 400, "FAILED_PRECONDITION"),
    UNSUPPORTED_OPERATION(-32004, 400, "FAILED_PRECONDITION"),
    CONTENT_TYPE_NOT_SUPPORTED(-32005, 400, "INVALID_ARGUMENT"),
    VERSION_NOT_SUPPORTED(-32009, 400, "FAILED_PRECONDITION"),
    INVALID_REQUEST(-32600, 400, "INVALID_ARGUMENT"),
    METHOD_NOT_FOUND(-32601, 404, "NOT_FOUND"),
    INVALID_PARAMS(-32602, 400, "INVALID_ARGUMENT"),
    PARSE_ERROR(-32700, 400, "INVALID_ARGUMENT"),
    METHOD_NOT_ALLOWED(-32600, 405, "INVALID_ARGUMENT"),
    CONTENT_TOO_LARGE(-32600, 413, "INVALID_ARGUMENT"),
    UNAUTHENTICATED(-32600, 401, "UNAUTHENTICATED"),
    PERMISSION_DENIED(-32600, 403, "PERMISSION_DENIED"),
    RESOURCE_EXHAUSTED(-32603, 429, "RESOURCE_EXHAUSTED"),
    UNAVAILABLE(-32603, 503, "UNAVAILABLE"),
    INTERNAL_ERROR(-32603, 500, "INTERNAL");

    final int code;
    final int httpStatus;
    private final String status;

    Reason(int code, int httpStatus, String status) {
      this.code = code;
      this.httpStatus = httpStatus;
      this.status = status;
    }
  }

  static Failure of(Refusal refusal) {
    Reason reason =
        switch (refusal.status()) {
          case 400, 422 ->
              refusal.title().equals("Malformed JSON") ? Reason.PARSE_ERROR : Reason.INVALID_PARAMS;
          case 401 -> Reason.UNAUTHENTICATED;
          case 403 -> Reason.PERMISSION_DENIED;
          case 404 -> Reason.METHOD_NOT_FOUND;
          case 405 -> Reason.METHOD_NOT_ALLOWED;
          // Busy, or decided otherwise.
          case 409 -> Reason.UNSUPPORTED_OPERATION;
          case 413 -> Reason.CONTENT_TOO_LARGE;
          case 415 -> Reason.CONTENT_TYPE_NOT_SUPPORTED;
          case 429 -> Reason.RESOURCE_EXHAUSTED;
          case 502, 503 -> Reason.UNAVAILABLE;
          default -> Reason.INTERNAL_ERROR;
        };
    return new Failure(reason, refusal.detail(), refusal.headers());
  }

  /// The same, where the refusal is about a task.
  static Failure ofTask(Refusal refusal) {
    return refusal.status() == 404 || refusal.status() == 400
        ? new Failure(Reason.TASK_NOT_FOUND, "There is no such task.")
        : of(refusal);
  }

  private ObjectNode info() {
    return Json.object()
        .put("@type", "type.googleapis.com/google.rpc.ErrorInfo")
        .put("reason", reason.name())
        .put("domain", "a2a-protocol.org");
  }

  /// The body over plain HTTP.
  ObjectNode http() {
    ObjectNode error =
        Json.object()
            .put("code", reason.httpStatus)
            .put("status", reason.status)
            .put("message", message);
    error.putArray("details").add(info());
    return Json.object().set("error", error);
  }

  /// The `error` over JSON-RPC.
  ObjectNode rpc() {
    ObjectNode error = Json.object().put("code", reason.code).put("message", message);
    var data = error.putArray("data").add(info());
    String retryAfter = headers.retryAfter();
    if (retryAfter != null) {
      data.addObject()
          .put("@type", "type.googleapis.com/google.rpc.RetryInfo")
          .put("retryDelay", retryAfter + "s");
    }
    return error;
  }
}
