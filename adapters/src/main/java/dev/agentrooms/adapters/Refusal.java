package dev.agentrooms.adapters;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Json;
import org.jspecify.annotations.Nullable;

/// Why something is not done, before a protocol puts it into its own words.
///
/// @param status of HTTP
/// @param detail a sentence for people
/// @param field what is wrong, by its name in the native API; empty when it is no field
/// @param headers to be sent with it, such as `Retry-After`; name, value
/// @param problem the agent's problem, or one of ours, with all of its members
public record Refusal(
    int status, String title, String detail, String field, Headers headers, ObjectNode problem) {

  /// The title of what a protocol has and this server has not.
  public static final String UNSUPPORTED = "Unsupported";

  /// Headers that go with a refusal.
  ///
  /// @param retryAfter seconds
  public record Headers(
      @Nullable String retryAfter, @Nullable String allow, @Nullable String authenticate) {
    public static final Headers NONE = new Headers(null, null, null);
  }

  public static Refusal of(int status, String title, String detail) {
    return of(status, title, detail, "");
  }

  public static Refusal of(int status, String title, String detail, String field) {
    ObjectNode problem =
        Json.object()
            .put("type", "about:blank")
            .put("title", title)
            .put("status", status)
            .put("detail", detail);
    if (!field.isEmpty()) {
      problem.put("field", field);
    }
    return new Refusal(status, title, detail, field, Headers.NONE, problem);
  }

  public static Refusal notFound(String detail) {
    return of(404, "Not found", detail);
  }

  public static Refusal invalid(String field, String detail) {
    return of(400, "Invalid request", detail, field);
  }

  /// A field that the protocol has and this server has not.
  public static Refusal unsupported(String field) {
    return of(422, UNSUPPORTED, field + " is not supported by this server.", field);
  }

  Refusal with(Headers more) {
    return new Refusal(status, title, detail, field, more, problem);
  }
}
