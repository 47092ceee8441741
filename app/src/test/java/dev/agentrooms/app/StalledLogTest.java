package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A server that logs into a pipe which is not read.
@Tag("process")
@Timeout(300)
class StalledLogTest {

  // Of these, each writes some 4 KB: a pipe takes 64 KB, and the queue 1 MiB.
  private static final int RUNS = 500;

  private static Child withAPipe(TestTool tool) throws Exception {
    return Child.up(
        Spawned.jvm().errIsAPipe(),
        "AGENT_ROOMS_LOG_FORMAT",
        "json",
        "AGENT_RAG_URL",
        tool.url(),
        "AGENT_TEST_GENERATOR_URL",
        tool.url());
  }

  private static void runAll(Child child) {
    for (int i = 0; i < RUNS; i++) {
      child.stack().run("s" + i, "Create a quiz about number " + i);
    }
    Stack.await(
        () -> metric(child, "agentrooms_run_duration_seconds_count{status=\"succeeded\"}"),
        ended -> ended == RUNS);
  }

  private static double metric(Child child, String series) {
    return MetricsTest.page(child.stack(), child.stack().agent()).getOrDefault(series, 0.0);
  }

  @Test
  void everyRunGoesOnAndDroppedLinesAreCountedAndReportedOnceTheLogIsRead() throws Exception {
    try (TestTool tool = TestTool.after(0);
        Child child = withAPipe(tool)) {
      runAll(child);

      double dropped =
          Stack.await(() -> metric(child, "agentrooms_log_dropped_total"), count -> count > 0);
      long told = 0;
      try (BufferedReader log = child.process().process().errorReader()) {
        while (told == 0) {
          String line = log.readLine();
          if (line.contains(" lines of output were dropped, because nobody read it")) {
            told = Long.parseLong(line.replaceAll(".*\"message\":\"(\\d+) lines.*", "$1"));
          }
        }
      }
      // What is said between the two looks may be dropped as well.
      assertThat((double) told).isBetween(dropped, metric(child, "agentrooms_log_dropped_total"));
    }
  }

  @Test
  void itCanBeStoppedAllTheSame() throws Exception {
    try (TestTool tool = TestTool.after(0);
        Child child = withAPipe(tool)) {
      runAll(child);

      child.process().terminate();

      assertThat(child.process().process().waitFor(120, TimeUnit.SECONDS)).isTrue();
      assertThat(child.process().exitCode()).isZero();
    }
  }
}
