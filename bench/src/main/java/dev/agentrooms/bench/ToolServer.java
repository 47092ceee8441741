package dev.agentrooms.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Tools that answer at once, save between `/hold` and `/release`, and a sink for progress.
final class ToolServer implements AutoCloseable {

  static {
    // Or each answer would wait for the acknowledgement of its head.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;
  // Open unless tools are told to keep their answers back.
  private volatile CountDownLatch gate = new CountDownLatch(0);

  ToolServer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 2000);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    answer("/search", "{\"chunks\":[{\"id\":\"c1\",\"text\":\"t\",\"source\":\"s\",\"score\":1}]}");
    answer("/rag", "{\"answer\":\"a\",\"chunks\":[]}");
    answer(
        "/api/generate",
        """
        {"exam_id":"ex-1","title":"t","questions":[{"id":"q1","text":"?","options":{"a":"1"}}]}""");
    server.createContext("/hold", exchange -> gate(exchange, new CountDownLatch(1)));
    server.createContext("/release", exchange -> gate(exchange, new CountDownLatch(0)));
    answer("/progress", "{\"session_id\":\"s\",\"seq\":1,\"epoch\":\"e\",\"duplicate\":false}");
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(String path, String json) {
    byte[] body = json.getBytes(UTF_8);
    server.createContext(
        path,
        exchange -> {
          if (!path.equals("/progress")) {
            await(gate);
          }
          answer(exchange, body);
        });
  }

  private void gate(HttpExchange exchange, CountDownLatch next) throws IOException {
    CountDownLatch before = gate;
    gate = next;
    before.countDown();
    answer(exchange, new byte[] {'{', '}'});
  }

  private static void await(CountDownLatch gate) {
    try {
      gate.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void answer(HttpExchange exchange, byte[] body) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
