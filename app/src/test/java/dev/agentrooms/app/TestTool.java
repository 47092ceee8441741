package dev.agentrooms.app;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/// Tools that do what no well-behaved service would.
final class TestTool {

  private TestTool() {}

  /// Takes a request, never answers, and notices when its caller hangs up.
  static final class Stuck implements AutoCloseable {

    final CountDownLatch called = new CountDownLatch(1);
    final CompletableFuture<Long> hungUpAt = new CompletableFuture<>();
    private final ServerSocket server;

    Stuck() {
      try {
        server = new ServerSocket(0, 1000, InetAddress.getLoopbackAddress());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      Thread.ofVirtual().start(this::accept);
    }

    String url() {
      return "http://127.0.0.1:" + server.getLocalPort();
    }

    private void accept() {
      try {
        while (true) {
          Socket socket = server.accept();
          Thread.ofVirtual().start(() -> readToTheEnd(socket));
        }
      } catch (IOException closed) {
        // The test is over.
      }
    }

    private void readToTheEnd(Socket socket) {
      try (socket) {
        InputStream in = socket.getInputStream();
        in.read();
        called.countDown();
        while (in.read() >= 0) {}
      } catch (IOException reset) {
        // As good as an end.
      }
      hungUpAt.complete(System.nanoTime());
    }

    @Override
    public void close() throws IOException {
      server.close();
    }
  }

  /// A RAG and test generator that answer after `delayMs`, any number of calls at a time.
  static final class Steady implements AutoCloseable {

    private final HttpServer server;

    Steady(int delayMs) {
      try {
        server =
            HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 2000);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      answer("/search", delayMs, "{\"chunks\":[{\"id\":\"c1\",\"text\":\"t\"}]}");
      answer("/rag", delayMs, "{\"answer\":\"a\",\"chunks\":[]}");
      answer(
          "/api/generate",
          delayMs,
          """
          {"exam_id":"ex-1","title":"t","questions":[{"id":"q1","text":"?","options":{"a":"1"}}]}""");
      server.start();
    }

    String url() {
      return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void answer(String path, int delayMs, String json) {
      byte[] body = json.getBytes(StandardCharsets.UTF_8);
      server.createContext(path, exchange -> answer(exchange, delayMs, body));
    }

    private static void answer(HttpExchange exchange, int delayMs, byte[] body) throws IOException {
      try (exchange) {
        exchange.getRequestBody().readAllBytes();
        java.util.concurrent.locks.LockSupport.parkNanos(delayMs * 1_000_000L);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
      }
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }
}
