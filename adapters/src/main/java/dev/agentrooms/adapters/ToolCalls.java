package dev.agentrooms.adapters;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.adapters.Happening.Told;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.StepWords;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The calls of one run's tools, as its events tell of them: paired by `call_id`, whatever their
/// steps are called.
public final class ToolCalls {

  /// What an event says of a call.
  public sealed interface Seen {

    /// @param name of the tool
    /// @param arguments `{"bytes":n}` where they are too large to be shown
    record Started(String callId, String name, JsonNode arguments) implements Seen {}

    /// @param output null when there is none; `{"bytes":n}` where it is too large to be shown
    record Done(String callId, @Nullable JsonNode output) implements Seen {}

    /// @param httpStatus what the tool's service answered; 0 when it is no matter of HTTP
    record Failed(String callId, String why, int httpStatus) implements Seen {}

    /// Neither begins nor ends a call.
    record Nothing() implements Seen {}
  }

  private static final Seen NOTHING = new Seen.Nothing();

  private final Set<String> known = new HashSet<>();
  private final Set<String> open = new LinkedHashSet<>();

  public Seen on(Told told) {
    JsonNode meta = told.meta();
    String callId = meta.path("call_id").asText();
    if (callId.isEmpty()) {
      return NOTHING;
    }
    if (told.step().startsWith("start_") && known.add(callId)) {
      open.add(callId);
      JsonNode arguments = shown(meta, "arguments", "input");
      return new Seen.Started(callId, name(told), arguments == null ? Json.object() : arguments);
    }
    return isEnd(told) && open.remove(callId) ? ended(callId, told) : NOTHING;
  }

  // A tool's own progress may have any name, but not the time that the call took.
  private static boolean isEnd(Told told) {
    return told.step().equals(StepWords.TOOL_ERROR)
        || told.step().endsWith("_done") && told.meta().has("duration_ms");
  }

  private static Seen ended(String callId, Told told) {
    JsonNode meta = told.meta();
    boolean isFailed = told.step().equals(StepWords.TOOL_ERROR) || meta.path("failed").asBoolean();
    return isFailed
        ? new Seen.Failed(callId, told.message(), meta.path("status").asInt())
        : new Seen.Done(callId, shown(meta, "output"));
  }

  private static String name(Told told) {
    JsonNode meta = told.meta();
    return meta.path("tool").isTextual()
        ? meta.path("tool").textValue()
        : told.event().path("tool").asText(told.step().substring("start_".length()));
  }

  private static @Nullable JsonNode shown(JsonNode meta, String... names) {
    for (String name : names) {
      if (meta.has(name)) {
        return meta.get(name);
      }
    }
    for (String name : names) {
      if (meta.has(name + "_bytes")) {
        return Json.object().put("bytes", meta.path(name + "_bytes").asLong());
      }
    }
    return null;
  }

  /// The calls that have not ended, in the order in which they began.
  public List<String> open() {
    return List.copyOf(open);
  }
}
