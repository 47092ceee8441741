package dev.agentrooms.app;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.protocol.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// What a browser's trace says of a page's main thread, which is where people feel it when
/// something takes long.
///
/// Counted is the time that the thread had the processor, so that it does not matter what else the
/// machine does.
final class MainThread {

  private MainThread() {}

  /// How long each task had the processor, in microseconds.
  static List<Long> tasks(byte[] trace) {
    List<JsonNode> events = new ArrayList<>();
    Json.parse(trace).path("traceEvents").forEach(events::add);
    Set<String> mainThreads =
        events.stream()
            .filter(event -> event.path("name").asText().equals("thread_name"))
            .filter(event -> event.path("args").path("name").asText().equals("CrRendererMain"))
            .map(MainThread::thread)
            .collect(Collectors.toSet());
    return events.stream()
        .filter(event -> event.path("name").asText().equals("RunTask"))
        .filter(event -> mainThreads.contains(thread(event)) && event.has("tdur"))
        .map(event -> event.path("tdur").asLong())
        .toList();
  }

  private static String thread(JsonNode event) {
    return event.path("pid").asText() + ":" + event.path("tid").asText();
  }
}
