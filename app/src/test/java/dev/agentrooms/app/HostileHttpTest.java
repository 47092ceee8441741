package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Bad and slow requests against both servers, byte by byte, and what they leave behind.
@Tag("wire")
class HostileHttpTest {

  private static final int MAX_CONNECTIONS = 200;
  private static final String POST =
      "POST /api/agent/run HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";

  private static final Executor THREADS = Executors.newVirtualThreadPerTaskExecutor();

  private static Stack stack;
  private static CompletableFuture<List<Integer>> slowHead;
  private static List<CompletableFuture<List<Integer>>> slowBodies;

  @BeforeAll
  static void start() {
    stack =
        Stack.start(
            "http.max-connections-per-address",
            MAX_CONNECTIONS,
            "http.head-timeout",
            "6s",
            "http.body-timeout",
            "6s");
    // Eight clients at a time are few of them, even if a busy server is late to see who has left.
    // What takes its time begins at once, and is looked at later.
    slowHead =
        CompletableFuture.supplyAsync(() -> trickle("GET /health HTTP/1.1\r\nX-Slow: "), THREADS);
    slowBodies =
        Stream.of(
                POST + "Content-Length: 60000\r\n\r\n",
                POST + "Transfer-Encoding: chunked\r\n\r\nffff\r\n",
                POST.replace("agent/run", "nothing") + "Content-Length: 60000\r\n\r\n",
                POST.replace("agent/run", "agent/sessions") + "Content-Length: 60000\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\n")
            .map(start -> CompletableFuture.supplyAsync(() -> trickle(start), THREADS))
            .toList();
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  static List<BadRequests.Bad> badRequests() {
    return BadRequests.all();
  }

  static List<OddRequests.Odd> oddRequests() {
    return OddRequests.all();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badRequests")
  void badRequestIsRefusedWithAProblem(BadRequests.Bad bad) {
    RawHttp.Answer answer = RawHttp.send(url(bad.server()), bad.bytes());

    assertThat(bad.statuses()).as("%s → %s", bad, answer.text()).contains(answer.status());
    if (answer.status() != 0) {
      assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
      assertThat(answer.json().path("type").asText()).isNotBlank();
      assertThat(answer.json().path("status").asInt()).isEqualTo(answer.status());
      assertThat(answer.json().path("title").asText()).isNotBlank();
      assertThat(answer.json().path("detail").asText()).isNotBlank();
    }
    if (!bad.field().isEmpty()) {
      assertThat(answer.json().path("field").asText()).isEqualTo(bad.field());
    }
    if (answer.status() == 405) {
      assertThat(answer.header("allow")).isNotBlank();
    }
    assertThat(answer.text()).doesNotContain("Exception", "\tat ", "org.apache", "dev.agentrooms");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("oddRequests")
  void oddRequestIsServed(OddRequests.Odd odd) {
    RawHttp.Answer answer = RawHttp.send(url(odd.server()), odd.bytes());

    assertThat(answer.status()).as("%s → %s", odd, answer.text()).isEqualTo(odd.status());
  }

  @Test
  void bodyThatIsTooLargeIsRefusedBeforeItIsAskedFor() {
    for (String head :
        List.of(
            POST + "Content-Length: 65537\r\n",
            POST.replace("json", "pdf") + "Content-Length: 5\r\n",
            POST.replace("run", "nothing") + "Content-Length: 5\r\n",
            POST.replace("run", "sessions") + "Content-Length: 5\r\n")) {
      try (RawHttp connection = new RawHttp(stack.agent())) {
        connection.write(head + "Expect: 100-continue\r\n\r\n");

        assertThat(connection.readOne().status()).isBetween(400, 499);
      }
    }
  }

  @Test
  void bodyThatIsWelcomeIsAskedFor() {
    try (RawHttp connection = new RawHttp(stack.agent())) {
      connection.write(POST + "Content-Length: 16\r\nExpect: 100-continue\r\n\r\n");
      assertThat(connection.readOne().status()).isEqualTo(100);
      connection.write("{\"question\":\"q\"}");

      assertThat(connection.readOne().status()).isEqualTo(202);
    }
  }

  @Test
  void requestsBehindARefusedOneAreServed() {
    try (RawHttp connection = new RawHttp(stack.agent())) {
      String bad = POST + "Content-Length: 2\r\n\r\n{}";
      String good = "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n";
      connection.write(bad + good + bad + good);

      assertThat(IntStream.range(0, 4).mapToObj(i -> connection.read().status()))
          .containsExactly(400, 200, 400, 200);
    }
  }

  @Test
  void connectionsThatSayNothingOrNeverEndAreCut() {
    List<RawHttp> silent = new ArrayList<>();
    for (String said :
        List.of("", "G", "GET /health HTTP/1.1\r\nHost: localhost\r\nX-", "\r\n\r\n")) {
      for (Role server : List.of(Role.AGENT, Role.WEBUI)) {
        RawHttp connection = new RawHttp(url(server));
        connection.write(said);
        silent.add(connection);
      }
    }

    assertThat(silent).allMatch(RawHttp::isCut);
    silent.forEach(RawHttp::close);
  }

  @Test
  void headThatTricklesIsCut() {
    assertThat(slowHead.join()).containsExactly(0);
  }

  @Test
  void bodyThatTricklesIsTimedOutOrNotWaitedFor() {
    assertThat(slowBodies.stream().map(CompletableFuture::join))
        .containsExactly(
            List.of(408, 0), List.of(408, 0), List.of(404, 0), List.of(405, 0), List.of(408, 0));
  }

  /// Random bytes, half-broken requests and good ones, each on a connection of its own.
  @Test
  void randomRequestsNeverBreakTheServer() {
    long seed = Long.getLong("stress.seed", System.nanoTime());
    int count = Stress.times(1500);
    try (CapturedLogs logs = new CapturedLogs()) {
      Crowd.all(
          count,
          8,
          i -> {
            Random random = new Random(seed + i);
            byte[] request = RandomRequests.next(random);
            Role server = random.nextBoolean() ? Role.AGENT : Role.WEBUI;
            try (RawHttp connection = new RawHttp(url(server))) {
              connection.write(request);
              connection.endOfRequest();
              RawHttp.Answer answer = connection.read();
              assertThat(answer.status())
                  .as("seed %d → %s", seed + i, answer.text())
                  .isLessThan(500);
              assertThat(answer.text()).doesNotContain("Exception", "\tat ");
              return answer.status();
            }
          });
      assertThat(logs.warnings()).isEmpty();
    }
    System.out.printf("%d random requests, seed %d%n", count, seed);
    assertHealthy();
  }

  @Test
  void nothingIsLeftBehind() {
    List<BadRequests.Bad> all = badRequests();
    sendAll(all, 1);
    long before = heapAfterGc();
    try (CapturedLogs logs = new CapturedLogs()) {
      int rounds = Stress.times(3);
      long startedAt = System.nanoTime();
      sendAll(all, rounds);
      System.out.printf(
          "%d bad requests, %d rounds in %d ms%n",
          all.size(), rounds, (System.nanoTime() - startedAt) / 1_000_000);

      assertThat(logs.warnings()).isEmpty();
    }
    Stack.await(() -> heapAfterGc() - before, growth -> growth < 16L << 20);
    // If one connection in a hundred were not given back, there would be no room for these.
    List<RawHttp> connections = new ArrayList<>();
    for (int i = 0; i < MAX_CONNECTIONS - 5; i++) {
      connections.add(
          Stack.await(() -> healthyConnection(stack.agent()), Optional::isPresent).orElseThrow());
    }
    connections.forEach(RawHttp::close);
    // The server sees these closings one after the other, and the address has five more.
    Stack.await(() -> stack.get(stack.agent() + "/health/ready").status(), is -> is == 200);
    assertHealthy();
  }

  private static Optional<RawHttp> healthyConnection(String url) {
    RawHttp connection = new RawHttp(url);
    connection.write("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n");
    if (connection.read().status() == 200) {
      return Optional.of(connection);
    }
    connection.close();
    return Optional.empty();
  }

  private static void sendAll(List<BadRequests.Bad> all, int rounds) {
    List<BadRequests.Bad> quick = all.stream().filter(bad -> !bad.statuses().contains(0)).toList();
    Crowd.all(
        quick.size() * rounds,
        8,
        i -> {
          BadRequests.Bad bad = quick.get(i % quick.size());
          int status = RawHttp.send(url(bad.server()), bad.bytes()).status();
          assertThat(status).as("%s", bad).isIn(bad.statuses());
          return status;
        });
  }

  private static void assertHealthy() {
    assertThat(stack.get(stack.agent() + "/health/ready").status()).isEqualTo(200);
    assertThat(stack.get(stack.webUi() + "/health/ready").status()).isEqualTo(200);
    stack.post(stack.agent() + "/api/agent/run?wait=20", "{\"question\":\"Still there?\"}");
  }

  private static long heapAfterGc() {
    Runtime runtime = Runtime.getRuntime();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
    }
    return least;
  }

  /// Sends `start` and then, for ever, a byte now and then.
  ///
  /// @return the answers' statuses, with a 0 at the end if the connection was cut
  private static List<Integer> trickle(String start) {
    try (RawHttp connection = new RawHttp(stack.agent())) {
      Thread trickle =
          Thread.ofVirtual()
              .start(
                  () -> {
                    connection.write(start);
                    while (!Thread.interrupted()) {
                      LockSupport.parkNanos(100_000_000);
                      connection.write("x");
                    }
                  });
      List<Integer> statuses = new ArrayList<>();
      for (int status = 1; status > 0; statuses.add(status)) {
        status = connection.read().status();
      }
      trickle.interrupt();
      return statuses;
    }
  }

  private static String url(Role server) {
    return server == Role.AGENT ? stack.agent() : stack.webUi();
  }
}
