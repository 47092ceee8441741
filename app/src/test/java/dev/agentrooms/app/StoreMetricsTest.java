package dev.agentrooms.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the pages of a whole server say of its store.
@Tag("wire")
class StoreMetricsTest {

  private static final String EVENT =
      "{\"event_id\":\"%s\",\"session_id\":\"s\",\"ts\":\"2026-11-22T10:00:00Z\",\"step\":\"x\",\"text\":\"%s\"}";

  @TempDir private Path folder;

  @Test
  void bothPagesCountTheRecordsBytesCommitsAndSyncsOfOneStore() throws Exception {
    try (Stack stack = Stack.start("store.dir", folder.toString(), "store.sync", "always")) {
      List<Double> before = values(stack, "rooms_store_records_total");
      for (int i = 0; i < 3; i++) {
        assertThat(publish(stack, "e" + i, "").status()).isEqualTo(200);
      }
      assertThat(values(stack, "rooms_store_records_total"))
          .hasSize(2)
          .allSatisfy(now -> assertThat(now - before.getFirst()).isGreaterThanOrEqualTo(3));
      for (String name :
          List.of(
              "rooms_store_bytes_total",
              "rooms_store_commit_seconds_count",
              "rooms_store_commit_seconds_sum",
              "rooms_store_sync_seconds_count",
              "rooms_store_sync_seconds_sum")) {
        assertThat(values(stack, name))
            .as(name)
            .hasSize(2)
            .allSatisfy(value -> assertThat(value).isPositive());
      }
      Stack.await(() -> values(stack, "rooms_store_waiting"), List.of(0.0, 0.0)::equals);
    }
  }

  @Test
  void sessionsInMemoryAreMeasuredToo() throws Exception {
    try (Stack stack = Stack.start("store.kind", "memory")) {
      stack.run("s", "What is light?");
      assertThat(values(stack, "rooms_store_up")).containsExactly(1.0, 1.0);
      for (String name : List.of("rooms_store_records_total", "rooms_store_commit_seconds_count")) {
        assertThat(values(stack, name))
            .as(name)
            .hasSize(2)
            .allSatisfy(v -> assertThat(v).isPositive());
      }
    }
  }

  @Test
  void whatTheStoreDoesNotTakeIsWaitingOnBothPages() throws Exception {
    try (Stack stack = Stack.start("store.dir", folder.toString(), "store.patience", "30s")) {
      assertThat(publish(stack, "first", "").status()).isEqualTo(200);
      List<CompletableFuture<Stack.Answer>> asked = new ArrayList<>();
      try (Connection hold =
              DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("store.db"));
          var statement = hold.createStatement()) {
        statement.execute("begin immediate");
        // Those that come together are one commit, and only what comes later waits for it.
        Stack.await(
            () -> {
              String id = "e" + asked.size();
              asked.add(CompletableFuture.supplyAsync(() -> publish(stack, id, "")));
              return values(stack, "rooms_store_waiting");
            },
            waiting -> waiting.size() == 2 && waiting.stream().allMatch(count -> count >= 1));
      }
      assertThat(asked).allSatisfy(each -> assertThat(each.get().status()).isEqualTo(200));
      Stack.await(() -> values(stack, "rooms_store_waiting"), List.of(0.0, 0.0)::equals);
    }
  }

  @Test
  void aFullDiskIsTheReasonWhyNeitherServerIsReady() throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    Assumptions.assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", disk.toString()), "cannot mount");
    try {
      try (Stack stack = Stack.start("store.dir", disk.resolve("data").toString())) {
        Path other = disk.resolve("other");
        try (var out = Files.newOutputStream(other)) {
          out.write(new byte[16 * 1024 * 1024]);
        } catch (IOException full) {
          assertThat(full).hasMessageContaining("space");
        }
        int n = 0;
        Stack.Answer last;
        do {
          last = publish(stack, "f" + n++, "x".repeat(2_000));
        } while (last.status() == 200 && n < 10_000);
        for (String server : List.of(stack.agent(), stack.webUi())) {
          Stack.Answer ready = stack.get(server + "/health/ready");
          assertThat(ready.status()).isEqualTo(503);
          assertThat(ready.json().path("type").asText()).endsWith("store-full");
          assertThat(stack.get(server + "/health/live").status()).isEqualTo(200);
        }
        assertThat(values(stack, "rooms_store_up")).containsExactly(0.0, 0.0);
        Files.delete(other);
        for (String server : List.of(stack.agent(), stack.webUi())) {
          Stack.await(() -> stack.get(server + "/health/ready").status(), s -> s == 200);
        }
      }
    } finally {
      run("umount", disk.toString());
    }
  }

  private static boolean run(String... command) throws Exception {
    return new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor()
        == 0;
  }

  private static Stack.Answer publish(Stack stack, String id, String text) {
    return stack.post(stack.webUi() + "/api/agent/progress", EVENT.formatted(id, text));
  }

  private static List<Double> values(Stack stack, String name) {
    return Stream.of(stack.agent(), stack.webUi())
        .map(
            s ->
                new String(
                    stack
                        .send(HttpRequest.newBuilder(URI.create(s + "/metrics")).build())
                        .response()
                        .body(),
                    UTF_8))
        .flatMap(String::lines)
        .filter(line -> line.startsWith(name + " "))
        .map(line -> Double.valueOf(line.substring(name.length() + 1)))
        .toList();
  }
}
