package dev.agentrooms.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import java.util.function.Predicate;

/// A fake service for all tools that answers after some milliseconds or never, and records for
/// each run whether its calls were answered or closed by the caller.
final class TestTool implements AutoCloseable {

  private static final String SEARCH = "{\"chunks\":[{\"id\":\"c1\",\"text\":\"t\"}]}";
  private static final String ANSWER = "{\"answer\":\"a\",\"chunks\":[]}";
  private static final String EXAM =
      """
      {"exam_id":"ex-1","title":"t","questions":[{"id":"q1","text":"?","options":{"a":"1"}}]}""";

  /// A run's calls.
  static final class Calls {
    final AtomicInteger begun = new AtomicInteger();
    final AtomicInteger answered = new AtomicInteger();
    final AtomicInteger hungUp = new AtomicInteger();

    boolean areOver() {
      return begun.get() == answered.get() + hungUp.get();
    }
  }

  /// The first call.
  final CountDownLatch called = new CountDownLatch(1);

  /// When a caller closed its connection for the first time, by `System.nanoTime()`.
  final CompletableFuture<Long> hungUpAt = new CompletableFuture<>();

  private final IntSupplier delayMs;
  private final Predicate<String> isStuck;
  private final ServerSocket server;
  private final Map<String, Calls> byRun = new ConcurrentHashMap<>();
  private final AtomicInteger connections = new AtomicInteger();

  /// @param isStuck whether a call with this body is never answered
  private TestTool(IntSupplier delayMs, Predicate<String> isStuck) {
    this.delayMs = delayMs;
    this.isStuck = isStuck;
    try {
      server = new ServerSocket(0, 2000, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  /// One that answers after so long, any number of calls at a time.
  static TestTool after(int ms) {
    return new TestTool(() -> ms, body -> false);
  }

  /// One that answers after some time, different for each call.
  static TestTool within(int ms) {
    return within(ms, body -> false);
  }

  /// The same, save for calls with this word in them, which are never answered.
  static TestTool within(int ms, String stuckWord) {
    return within(ms, body -> body.contains(stuckWord));
  }

  private static TestTool within(int ms, Predicate<String> isStuck) {
    return new TestTool(() -> 1 + ThreadLocalRandom.current().nextInt(ms), isStuck);
  }

  /// One that never answers.
  static TestTool stuck() {
    return new TestTool(() -> 0, body -> true);
  }

  /// Settings that make it both tools of an agent.
  Object[] settings(Object... more) {
    String url = url();
    Object[] all = new Object[more.length + 4];
    System.arraycopy(more, 0, all, 4, more.length);
    all[0] = "agent.tools.rag.url";
    all[1] = url;
    all[2] = "agent.tools.test-generator.url";
    all[3] = url;
    return all;
  }

  String url() {
    return "http://127.0.0.1:" + server.getLocalPort();
  }

  Calls of(String runId) {
    return byRun.computeIfAbsent(runId, id -> new Calls());
  }

  /// How many connections are open, busy or not.
  int connections() {
    return connections.get();
  }

  /// How many calls wait for an answer.
  int underWay() {
    return byRun.values().stream()
        .mapToInt(calls -> calls.begun.get() - calls.answered.get() - calls.hungUp.get())
        .sum();
  }

  int hungUp() {
    return byRun.values().stream().mapToInt(calls -> calls.hungUp.get()).sum();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        connections.incrementAndGet();
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      while (call(socket, in)) {}
    } catch (IOException gone) {
      // Between two calls, which is nothing to count.
    } finally {
      connections.decrementAndGet();
    }
  }

  private boolean call(Socket socket, InputStream in) throws IOException {
    String path = line(in).split(" ", 3)[1];
    String runId = "";
    int length = 0;
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      String header = line.toLowerCase(Locale.ROOT);
      if (header.startsWith("x-run-id:")) {
        runId = line.substring(9).strip();
      } else if (header.startsWith("content-length:")) {
        length = Integer.parseInt(line.substring(15).strip());
      }
    }
    String body = new String(in.readNBytes(length), UTF_8);
    Calls calls = of(runId);
    calls.begun.incrementAndGet();
    called.countDown();
    boolean waits = isStuck.test(body);
    int delay = waits ? 0 : delayMs.getAsInt();
    if ((waits || delay > 0) && hangsUp(socket, in, delay)) {
      calls.hungUp.incrementAndGet();
      hungUpAt.complete(System.nanoTime());
      return false;
    }
    // Counted before it can be seen.
    calls.answered.incrementAndGet();
    String json = path.equals("/search") ? SEARCH : path.equals("/rag") ? ANSWER : EXAM;
    String head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ";
    socket.getOutputStream().write((head + json.length() + "\r\n\r\n" + json).getBytes(ISO_8859_1));
    return true;
  }

  // A caller that waits says nothing: what ends this reading is its hanging up, or the time, which
  // is without end when it is 0.
  private static boolean hangsUp(Socket socket, InputStream in, int ms) throws IOException {
    socket.setSoTimeout(ms);
    try {
      in.read();
      return true;
    } catch (SocketTimeoutException due) {
      socket.setSoTimeout(0);
      return false;
    } catch (IOException reset) {
      return true;
    }
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException();
      }
      if (b != '\r') {
        line.append((char) b);
      }
    }
    return line.toString();
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
