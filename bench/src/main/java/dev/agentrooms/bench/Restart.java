package dev.agentrooms.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/// R: an agent is killed that has many sleeping sessions and some runs under way, and starts again.
record Restart(int sessions, int reads) implements AgentWork {

  private static final int OPEN_RUNS = 50;
  private static final int CONNECTIONS = 64;
  private static final long ASLEEP_SECONDS = 12;
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);
  private static final Metric READY = new Metric("ready after a kill, s", false);
  private static final Metric READY_EMPTY = new Metric("the same with nothing stored, s", false);
  private static final Metric GO_ON = new Metric("its open runs have ended after, s", false);
  private static final Metric READ_P50 = new Metric("first read of a session, p50, ms", false);
  private static final Metric READ_P99 = new Metric("first read of a session, p99, ms", false);
  private static final Metric HEAP = new Metric("live heap, MB", false);
  private static final Metric HEAP_EMPTY = new Metric("the same with nothing stored, MB", false);
  private static final Metric DISK = new Metric("bytes stored per session", false);

  @Override
  public String id() {
    return "R";
  }

  @Override
  public String title() {
    return "%d sleeping sessions and %d open runs, killed and started again"
        .formatted(sessions, OPEN_RUNS);
  }

  @Override
  public int maxRounds() {
    return 1;
  }

  @Override
  public boolean withRooms() {
    return false;
  }

  @Override
  public Optional<String> impossible(Server server) {
    return server instanceof AgentRoomsServer ours && ours.kept().isInFolder()
        ? Optional.empty()
        : Optional.of("it keeps nothing in a folder of its own");
  }

  @Override
  public Measured run(Running running) {
    AgentServer agent = AgentWork.agent(running);
    double empty = restart(running, agent);
    double heapEmpty = Heap.liveKb(running.pid());
    fill(agent);
    Idle.pause(ASLEEP_SECONDS);
    double stored = running.sizeOf("data");
    call(agent.tools() + "/hold", "POST", "");
    for (int i = 0; i < OPEN_RUNS; i++) {
      call(
          agent.url() + "/api/agent/run",
          "POST",
          "{\"session_id\":\"open-%d\",\"question\":\"Create a quiz about light\"}".formatted(i));
    }
    double ready = restart(running, agent);
    long readyAt = System.nanoTime();
    call(agent.tools() + "/release", "POST", "");
    for (int i = 0; i < OPEN_RUNS; i++) {
      awaitEnd(agent.url() + "/api/agent/sessions/open-" + i);
    }
    double ended = (System.nanoTime() - readyAt) / 1e9;
    double heap = Heap.liveKb(running.pid());
    Histogram reads = read(agent);
    return Measured.of(READY, ready)
        .and(READY_EMPTY, empty)
        .and(GO_ON, ended)
        .millis(READ_P50, reads, 50)
        .millis(READ_P99, reads, 99)
        .and(HEAP, heap / 1024)
        .and(HEAP_EMPTY, heapEmpty / 1024)
        .and(DISK, stored / sessions)
        .done();
  }

  private void fill(AgentServer agent) {
    try (Publisher publisher =
        new Publisher(
            agent::dial,
            new SendTimes(),
            Publisher.Lines.of(CONNECTIONS),
            RunRequest.toAll(sessions, "?wait=30", "What is photosynthesis?"))) {
      publisher.closedLoopOf(sessions);
      check(publisher);
    }
  }

  /// Sessions that have not been read since the start, from all over, one at a time.
  private Histogram read(AgentServer agent) {
    int step = Math.max(1, sessions / reads);
    List<Request> all =
        IntStream.range(0, reads)
            .mapToObj(i -> reading(Request.room(i * step % sessions)))
            .toList();
    try (Publisher publisher =
        new Publisher(agent::dial, new SendTimes(), Publisher.Lines.of(1), all)) {
      publisher.closedLoopOf(reads);
      check(publisher);
      return publisher.answers();
    }
  }

  private static Request reading(String session) {
    byte[] rendered =
        ("GET /api/agent/sessions/" + session + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            .getBytes(US_ASCII);
    return (number, out) -> out.put(rendered);
  }

  private static void check(Publisher publisher) {
    if (publisher.failures() > 0) {
      throw new IllegalStateException(publisher.failures() + " requests were refused");
    }
  }

  /// How long it took to be ready again, in seconds.
  private static double restart(Running running, AgentServer agent) {
    long killed = System.nanoTime();
    running.killAndStart();
    await(agent.url() + "/health/ready", "");
    return (System.nanoTime() - killed) / 1e9;
  }

  private static void awaitEnd(String session) {
    await(session, "\"status\":\"idle\"");
  }

  /// @param text what a 200 is to contain
  private static void await(String url, String text) {
    long until = System.nanoTime() + PATIENCE;
    String answer = call(url, "GET", "");
    while (!answer.startsWith("200 ") || !answer.contains(text)) {
      if (System.nanoTime() > until) {
        throw new IllegalStateException(url + " says " + answer);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
      answer = call(url, "GET", "");
    }
  }

  /// Status and body of the answer; empty when there is none.
  private static String call(String url, String method, String body) {
    try {
      var connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
      connection.setRequestMethod(method);
      if (!body.isEmpty()) {
        connection.setDoOutput(true);
        connection.setRequestProperty("Content-Type", "application/json");
        connection.getOutputStream().write(body.getBytes(UTF_8));
      }
      int status = connection.getResponseCode();
      try (var in = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
        return status + " " + (in == null ? "" : new String(in.readAllBytes(), UTF_8));
      }
    } catch (IOException notUp) {
      return "";
    }
  }
}
