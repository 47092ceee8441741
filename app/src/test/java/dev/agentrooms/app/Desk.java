package dev.agentrooms.app;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/// A help desk as a service: it has one ticket, and keeps each reply that it was sent, byte by
/// byte.
final class Desk implements AutoCloseable {

  /// A request for a reply.
  record Reply(String body, String key) {}

  final List<String> fetched = new CopyOnWriteArrayList<>();
  final List<Reply> replies = new CopyOnWriteArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final HttpServer server;
  private volatile boolean isStuck;

  private Desk(HttpServer server) {
    this.server = server;
  }

  static Desk start() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 500);
    Desk desk = new Desk(server);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/tickets/", desk::answer);
    server.start();
    return desk;
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /// From now on, replies are taken and never answered.
  void getStuck() {
    isStuck = true;
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String answer;
    if (exchange.getRequestMethod().equals("GET")) {
      fetched.add(exchange.getRequestURI().getPath());
      answer = "{\"ticket\":{\"from\":\"ann@example.org\",\"text\":\"The lamp is broken.\"}}";
    } else {
      replies.add(new Reply(body, exchange.getRequestHeaders().getFirst("Idempotency-Key")));
      if (isStuck) {
        try {
          closed.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
      answer = "{\"sent\":true}";
    }
    byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
  }
}
