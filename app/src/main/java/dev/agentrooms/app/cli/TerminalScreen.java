package dev.agentrooms.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.protocol.StepWords;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One line per step: animated while the step is open, then final, with its mark and duration.
final class TerminalScreen implements Screen {

  private static final String SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
  private static final String ERASE_LINE = "\r\u001b[2K";
  // Auto-wrap is off, because a line that wraps could not be redrawn.
  private static final String NO_WRAP = "\u001b[?7l";
  private static final String WRAP = "\u001b[?7h";
  // The most runs whose open steps are kept.
  private static final int MOST_RUNS = 100;

  private final PrintWriter out;
  private final boolean colours;
  private final LiveText live;

  private final Map<String, Steps> runs =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Steps> eldest) {
          return size() > MOST_RUNS;
        }
      };
  private @Nullable String runId;
  private int frame;
  private boolean isAsking;

  TerminalScreen(PrintWriter out, boolean colours) {
    this.out = out;
    this.colours = colours;
    this.live = new LiveText(out);
  }

  @Override
  public void event(JsonNode event) {
    String run = event.path("run_id").asText();
    if (live.isOpen()) {
      live.close();
    } else {
      out.print(ERASE_LINE);
    }
    if (!run.equals(runId)) {
      runId = run;
      String question = Words.text(event.path("meta").path("question"));
      line(
          bold(Words.oneLine(event.path("session_id").asText() + "  " + question)),
          dim(Words.oneLine(run)));
    }
    // Somebody may be typing an answer.
    isAsking = event.path("step").asText().equals(StepWords.INPUT_REQUIRED);
    Steps steps = runs.computeIfAbsent(run, _ -> new Steps());
    steps.take(event, System.nanoTime()).forEach(this::stands);
    if (Outcome.isTerminal(event)) {
      runs.remove(run);
    }
    tick();
  }

  @Override
  public void delta(JsonNode delta) {
    if (!live.isOpen()) {
      out.print(ERASE_LINE);
    }
    live.write(delta);
  }

  @Override
  public void notice(String text) {
    live.close();
    out.print(ERASE_LINE);
    line(dim("  … "), dim(text));
  }

  @Override
  public void result(Outcome outcome) {
    close();
    String text = Words.of(outcome);
    if (!live.has(text)) {
      out.println();
      out.println(text);
    }
    out.flush();
  }

  @Override
  public void tick() {
    Steps steps = runId == null ? null : runs.get(runId);
    Steps.Open current = steps == null ? null : steps.current();
    if (steps == null || current == null || live.isOpen() || isAsking) {
      return;
    }
    frame = (frame + 1) % SPINNER.length();
    Duration elapsed = Duration.ofNanos(System.nanoTime() - current.since());
    String others = steps.running() > 1 ? dim("  and " + (steps.running() - 1) + " more") : "";
    out.print(ERASE_LINE + NO_WRAP);
    out.print(
        told(colour(36, String.valueOf(SPINNER.charAt(frame))), elapsed, current.step()) + others);
    out.print(WRAP);
    out.flush();
  }

  @Override
  public void close() {
    live.close();
    out.print(ERASE_LINE);
    for (Steps steps : runs.values()) {
      steps.leave().forEach(this::stands);
    }
    runs.clear();
    out.flush();
  }

  private void stands(Step step) {
    line(told(mark(step), step.took(), step), "");
  }

  private void line(String text, String aside) {
    out.println(NO_WRAP + text + (aside.isEmpty() ? "" : "  " + aside) + WRAP);
    out.flush();
  }

  // The title, and beside it the latest message.
  private String told(String mark, @Nullable Duration took, Step step) {
    String seconds =
        took == null ? "" : String.format(Locale.ROOT, "%.2f s", took.toMillis() / 1000.0);
    String title = Words.oneLine(step.title());
    String message = Words.oneLine(step.message());
    String words =
        title.isEmpty()
            ? message.isEmpty() ? step.name() : message
            : message.isEmpty() || message.equals(title) ? title : title + "  " + dim(message);
    return "  " + mark + " " + dim(String.format(Locale.ROOT, "%9s", seconds)) + "  " + words;
  }

  private String mark(Step step) {
    return switch (step.state()) {
      case RUNNING -> dim("…");
      case DONE -> colour(32, "✓");
      case FAILED -> colour(31, "✗");
      case STOPPED -> colour(33, "■");
      case REMARK ->
          switch (step.last().path("level").asText("info")) {
            case "error" -> colour(31, "✗");
            case "warning" -> colour(33, "!");
            default -> colour(32, "✓");
          };
    };
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
