package dev.agentrooms.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A line per step: it moves while the step lasts, and then stands with its mark and its duration.
final class TerminalScreen implements Screen {

  private static final String SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
  private static final String ERASE_LINE = "\r\u001b[2K";
  // A line that is too long is cut by the terminal; a second row could not be taken back.
  private static final String NO_WRAP = "\u001b[?7l";
  private static final String WRAP = "\u001b[?7h";

  private final PrintWriter out;
  private final boolean colours;

  private String runId = "";
  private @Nullable JsonNode current;
  private long currentSince;
  private int frame;

  TerminalScreen(PrintWriter out, boolean colours) {
    this.out = out;
    this.colours = colours;
  }

  @Override
  public void event(JsonNode event) {
    if (current != null && endsTheSameTool(event, current)) {
      JsonNode started = current;
      current = null;
      out.print(ERASE_LINE);
      line(step(mark(event), between(started, event), event), "");
      return;
    }
    if (current != null && isRetried(event, current)) {
      out.print(ERASE_LINE);
      line(step(mark(event), null, event), "");
      tick();
      return;
    }
    finish(event);
    String run = event.path("run_id").asText();
    if (!run.equals(runId)) {
      runId = run;
      String question = event.path("meta").path("question").asText();
      line(bold(Words.oneLine(event.path("session_id").asText() + "  " + question)), dim(run));
    }
    boolean stands = Outcome.isTerminal(event) || !level(event).equals("info");
    if (stands) {
      line(step(mark(event), whole(event), event), "");
    } else {
      current = event;
      currentSince = System.nanoTime();
      tick();
    }
  }

  @Override
  public void notice(String text) {
    JsonNode interrupted = current;
    current = null;
    out.print(ERASE_LINE);
    line(dim("  … "), dim(text));
    current = interrupted;
  }

  @Override
  public void result(JsonNode result) {
    close();
    out.println();
    out.println(Words.of(result));
    out.flush();
  }

  @Override
  public void tick() {
    if (current == null) {
      return;
    }
    frame = (frame + 1) % SPINNER.length();
    Duration elapsed = Duration.ofNanos(System.nanoTime() - currentSince);
    out.print(ERASE_LINE + NO_WRAP);
    out.print(step(colour(36, String.valueOf(SPINNER.charAt(frame))), elapsed, current));
    out.print(WRAP);
    out.flush();
  }

  @Override
  public void close() {
    if (current != null) {
      out.print(ERASE_LINE);
      finish(null);
    }
  }

  // The step that was under way is over, because `next` came; or is no longer watched.
  private void finish(@Nullable JsonNode next) {
    JsonNode done = current;
    if (done == null) {
      return;
    }
    current = null;
    out.print(ERASE_LINE);
    line(step(endOf(done, next), next == null ? whole(done) : between(done, next), done), "");
  }

  // How a step ended is told by what came next: work that was stopped or has failed is not done.
  private String endOf(JsonNode done, @Nullable JsonNode next) {
    if (!isWork(done)) {
      return mark(done);
    }
    return next == null || !next.path("run_id").equals(done.path("run_id")) ? dim("…") : mark(next);
  }

  // Something that goes on, other than something that is so.
  private static boolean isWork(JsonNode event) {
    String step = event.path("step").asText();
    return step.startsWith("start_") || step.equals("queued");
  }

  // A second attempt is part of its step.
  private static boolean isRetried(JsonNode event, JsonNode started) {
    return event.path("step").asText().equals("tool_retry")
        && isWork(started)
        && event.path("run_id").equals(started.path("run_id"));
  }

  // A tool's start and end are one line: what it did, and how long that took.
  private static boolean endsTheSameTool(JsonNode event, JsonNode started) {
    return level(event).equals("info")
        && event.hasNonNull("tool")
        && event.path("tool").equals(started.path("tool"))
        && event.path("run_id").equals(started.path("run_id"));
  }

  private static @Nullable Duration between(JsonNode earlier, JsonNode later) {
    Instant from = time(earlier);
    Instant until = time(later);
    return from == null || until == null ? null : Duration.between(from, until);
  }

  private static @Nullable Duration whole(JsonNode event) {
    JsonNode millis = event.path("meta").path("duration_ms");
    return millis.isNumber() ? Duration.ofMillis(millis.asLong()) : null;
  }

  private void line(String text, String aside) {
    out.println(NO_WRAP + text + (aside.isEmpty() ? "" : "  " + aside) + WRAP);
    out.flush();
  }

  private String step(String mark, @Nullable Duration took, JsonNode event) {
    String seconds =
        took == null ? "" : String.format(Locale.ROOT, "%.2f s", took.toMillis() / 1000.0);
    String message = event.path("message").asText();
    String words = Words.oneLine(message.isEmpty() ? event.path("step").asText() : message);
    return "  " + mark + " " + dim(String.format(Locale.ROOT, "%9s", seconds)) + "  " + words;
  }

  private String mark(JsonNode event) {
    if (event.path("step").asText().equals("cancelled")) {
      return colour(33, "■");
    }
    return switch (level(event)) {
      case "error" -> colour(31, "✗");
      case "warning" -> colour(33, "!");
      default -> colour(32, "✓");
    };
  }

  private static String level(JsonNode event) {
    return event.path("level").asText("info");
  }

  private static @Nullable Instant time(JsonNode event) {
    try {
      return Instant.parse(event.path("ts").asText());
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  private String bold(String text) {
    return style("1", text);
  }

  private String dim(String text) {
    return style("2", text);
  }

  private String colour(int code, String text) {
    return style(String.valueOf(code), text);
  }

  private String style(String code, String text) {
    return colours ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}
