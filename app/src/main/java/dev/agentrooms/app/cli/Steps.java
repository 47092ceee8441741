package dev.agentrooms.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.app.cli.Step.State;
import dev.agentrooms.protocol.StepWords;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The steps of one run, read from its events, whatever they are called:
///
/// - Events with the same `meta.call_id` are one step. The first begins it, unless it has the
///   marks of an end already, because the beginning is no longer retained.
/// - Producers that name no calls are read by step and tool: `start_crawl` begins a step, and
///   `crawl_done`, `crawl_failed` or the next event of the same tool ends it.
/// - Any other event is a remark, which is shown as it is.
final class Steps {

  private static final Pattern END = Pattern.compile("_(?:done|failed)$");
  private static final String START = "start_";

  /// @param since when it was first seen here, by `System.nanoTime()`
  record Open(Step step, long since) {}

  /// Open steps by call id or, without one, by a number.
  private final Map<String, Open> open = new LinkedHashMap<>();

  /// The latest remark while no step is open. Its duration is known when the next event comes.
  private @Nullable Open pending;

  private int numbered;

  /// Adds an event.
  ///
  /// @return the steps and remarks that are complete with it, in order
  List<Step> take(JsonNode event, long now) {
    List<Step> over = new ArrayList<>();
    if (pending != null) {
      over.add(pending.step().until(event, State.REMARK));
      pending = null;
    }
    String step = step(event);
    if (Outcome.isTerminal(event)) {
      State end = endOf(event);
      open.values().forEach(each -> over.add(each.step().until(event, end)));
      open.clear();
      over.add(Step.of(event, end));
      return over;
    }
    if (!step.equals("queued") && !step.equals("events_lost")) {
      endTheWait(event, over);
    }
    String call = Words.text(event.path("meta").path("call_id"));
    String known = call.isEmpty() ? begunBy(event) : call;
    Open begun = known == null ? null : open.get(known);
    if (known != null && begun != null) {
      goOn(known, begun, event, over);
    } else if (begins(event, call)) {
      String key = call.isEmpty() ? "#" + ++numbered : call;
      open.put(key, new Open(Step.of(event, State.RUNNING), now));
      if (isRetry(event)) {
        over.add(Step.of(event, State.REMARK));
      }
    } else if (call.isEmpty() && open.isEmpty() && level(event).equals("info")) {
      pending = new Open(Step.of(event, State.REMARK), now);
    } else {
      over.add(Step.of(event, State.REMARK));
    }
    return over;
  }

  /// The open step that began last; null when none is open.
  @Nullable Open current() {
    return pending != null || open.isEmpty() ? pending : List.copyOf(open.values()).getLast();
  }

  /// How many steps are open.
  int running() {
    return open.size();
  }

  /// Completes everything, because no further event will be seen: open steps end with an unknown
  /// outcome.
  List<Step> leave() {
    List<Step> left = new ArrayList<>();
    if (pending != null) {
      left.add(pending.step());
    }
    open.values().forEach(each -> left.add(each.step()));
    pending = null;
    open.clear();
    return left;
  }

  private void endTheWait(JsonNode event, List<Step> over) {
    open.values()
        .removeIf(
            each -> {
              boolean waited = step(each.step().first()).equals("queued");
              if (waited) {
                over.add(each.step().until(event, State.DONE));
              }
              return waited;
            });
  }

  private void goOn(String key, Open begun, JsonNode event, List<Step> over) {
    Step step = begun.step();
    if (isRetry(event) || step(event).startsWith(START)) {
      over.add(Step.of(event, State.REMARK));
    } else if (isFailure(event)) {
      open.remove(key);
      if (step.title().isEmpty()) {
        // Two lines: what failed, and why.
        over.add(step.until(event, State.FAILED));
        over.add(Step.of(event, State.REMARK));
      } else {
        over.add(step.then(event, State.FAILED));
      }
    } else if (isEnd(event) || !isMore(step, event)) {
      open.remove(key);
      over.add(step.then(event, State.DONE));
    } else {
      open.put(key, new Open(step.then(event, State.RUNNING), begun.since()));
    }
  }

  /// The key of the step that an event without call id belongs to; null for a remark.
  private @Nullable String begunBy(JsonNode event) {
    String step = step(event);
    String tool = Words.text(event.path("tool"));
    String ofTool =
        tool.isEmpty() ? null : last(each -> Words.text(each.path("tool")).equals(tool));
    if (isRetry(event) || step.equals("tool_error")) {
      return ofTool == null ? last(each -> true) : ofTool;
    }
    if (step.startsWith(START)) {
      return null;
    }
    String beginning = START + END.matcher(step).replaceAll("");
    String named = END.matcher(step).find() ? last(each -> step(each).equals(beginning)) : null;
    return named != null || level(event).equals("warning") ? named : ofTool;
  }

  private @Nullable String last(Predicate<JsonNode> wanted) {
    String found = null;
    for (Map.Entry<String, Open> each : open.entrySet()) {
      if (wanted.test(each.getValue().step().first())) {
        found = each.getKey();
      }
    }
    return found;
  }

  private static boolean begins(JsonNode event, String call) {
    if (isFailure(event)) {
      return false;
    }
    return call.isEmpty()
        ? step(event).equals("queued") || step(event).startsWith(START)
        : !isEnd(event);
  }

  private static boolean isRetry(JsonNode event) {
    return step(event).equals("tool_retry");
  }

  private static boolean isFailure(JsonNode event) {
    return step(event).equals("tool_error")
        || step(event).endsWith("_failed")
        || level(event).equals("error")
        || event.path("meta").path("failed").asBoolean();
  }

  private static boolean isEnd(JsonNode event) {
    JsonNode meta = event.path("meta");
    return END.matcher(step(event)).find()
        || meta.has("output")
        || meta.has("output_bytes")
        || meta.path("duration_ms").isNumber();
  }

  /// Whether the step goes on after this event: its name is that of the first one, or it shows what
  /// the tool is sent, or it is about a person's answer.
  private static boolean isMore(Step step, JsonNode event) {
    return Objects.equals(step(step.first()), step(event))
        || step(event).equals(StepWords.INPUT_REQUIRED)
        || step(event).equals(StepWords.INPUT_RECEIVED)
        || event.path("meta").has("arguments");
  }

  private static State endOf(JsonNode event) {
    if (step(event).equals("cancelled")) {
      return State.STOPPED;
    }
    return Outcome.ofEvent(event).status().equals("failed") ? State.FAILED : State.DONE;
  }

  private static String step(JsonNode event) {
    return event.path("step").asText();
  }

  private static String level(JsonNode event) {
    return event.path("level").asText("info");
  }
}
