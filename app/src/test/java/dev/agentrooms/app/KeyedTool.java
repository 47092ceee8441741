package dev.agentrooms.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/// All tools of an agent, in the test's own process, which outlives the agents: each call that they
/// have ever had, by its run.
final class KeyedTool implements AutoCloseable {

  private static final Map<String, String> ANSWERS =
      Map.of(
          "/search", "{\"chunks\":[{\"id\":\"c1\",\"text\":\"t\",\"source\":\"s\",\"score\":1}]}",
          "/rag", "{\"answer\":\"a\",\"chunks\":[]}",
          "/api/generate",
              "{\"exam_id\":\"ex-1\",\"title\":\"t\",\"questions\":"
                  + "[{\"id\":\"q1\",\"text\":\"?\",\"options\":{\"a\":\"1\"}}]}");

  /// @param key its `Idempotency-Key`
  record Call(String path, String key) {}

  private final int maxMillis;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;
  private final Map<String, List<Call>> calls = new ConcurrentHashMap<>();

  /// @param maxMillis the longest that an answer takes
  KeyedTool(int maxMillis) throws IOException {
    this(InetAddress.getLoopbackAddress().getHostAddress(), maxMillis);
  }

  /// @param host the address of this machine where it listens
  KeyedTool(String host, int maxMillis) throws IOException {
    this.maxMillis = maxMillis;
    server = HttpServer.create(new InetSocketAddress(host, 0), 200);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  String url() {
    InetSocketAddress at = server.getAddress();
    return "http://" + at.getHostString() + ":" + at.getPort();
  }

  List<Call> of(String runId) {
    return List.copyOf(calls.getOrDefault(runId, List.of()));
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      calls
          .computeIfAbsent(
              exchange.getRequestHeaders().getFirst("X-Run-Id"), id -> new CopyOnWriteArrayList<>())
          .add(new Call(path, exchange.getRequestHeaders().getFirst("Idempotency-Key")));
      exchange.getRequestBody().readAllBytes();
      LockSupport.parkNanos(1_000_000L * ThreadLocalRandom.current().nextInt(1, maxMillis + 1));
      byte[] body = ANSWERS.getOrDefault(path, "{}").getBytes(UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
