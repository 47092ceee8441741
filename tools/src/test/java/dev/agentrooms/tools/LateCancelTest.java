package dev.agentrooms.tools;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.agentrooms.protocol.Json;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A cancel that coincides with an answer: by then the connection belongs to another exchange, and
/// must stay open.
@Tag("race")
class LateCancelTest {

  private static final int CALLERS = 16;
  private static final int CALLS = Given.stress(4_000);

  private final AtomicInteger cancelled = new AtomicInteger();

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aLateCancelClosesNoOtherConnection(boolean isChunked) throws Exception {
    byte[] answer = Json.encode(Given.answer("rag_search"));
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      server.setExecutor(threads);
      server.createContext(
          "/",
          exchange -> {
            try (exchange) {
              exchange.getRequestBody().readAllBytes();
              exchange.sendResponseHeaders(200, isChunked ? 0 : answer.length);
              exchange.getResponseBody().write(answer);
            }
          });
      server.start();
      Toolbox tools = tools(ToolClient.newHttpClient());
      ToolCall call = searchAt(URI.create("http://127.0.0.1:" + server.getAddress().getPort()));
      long seed = System.nanoTime();
      List<Future<?>> callers = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        Random random = new Random(seed + i);
        callers.add(threads.submit(() -> calls(tools, call, random)));
      }
      for (Future<?> caller : callers) {
        caller.get(Given.stress(120), TimeUnit.SECONDS);
      }
      System.out.printf(
          "%d calls, %d of them cancelled, chunked answers: %s%n",
          CALLS, cancelled.get(), isChunked);
      assertThat(cancelled.get()).isBetween(1, CALLS - 1);
    } finally {
      server.stop(0);
    }
  }

  /// The client may take the end of its connection, which the cancel closes, for the reason.
  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 1000", "Transfer-Encoding: chunked"})
  void aCancelInTheMiddleOfAnAnswerIsAStopAndNoFailure(String header) throws Exception {
    String partly = "HTTP/1.1 200 OK\r\n" + header + "\r\n\r\nd\r\n";
    RawServer.Manners manners =
        connection -> {
          connection.send(partly);
          connection.waitForClose();
        };
    long seed = System.nanoTime();
    Random random = new Random(seed);
    try (RawServer server = new RawServer(manners);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Toolbox tools = tools(dawdling(threads, seed));
      ToolCall call = searchAt(server.uri());
      for (int i = 0; i < CALLS / 8; i++) {
        Toolbox.Attempt attempt = tools.call(call);
        server.awaitRequest();
        LockSupport.parkNanos(random.nextInt(1_000_000));
        attempt.cancel();
        assertThat(attempt.ended().toCompletableFuture().get(60, TimeUnit.SECONDS))
            .as("call %d of seed %d", i, seed)
            .isEqualTo(new ToolResult.Stopped());
        server.awaitClose();
      }
    }
  }

  /// A client that is now and then a little late with each of the things it does for an answer.
  private static HttpClient dawdling(ExecutorService threads, long seed) {
    Random random = new Random(seed);
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .executor(
            task -> {
              int pause = Math.max(0, random.nextInt(1_000_000) - 500_000);
              threads.execute(
                  () -> {
                    LockSupport.parkNanos(pause);
                    task.run();
                  });
            })
        .build();
  }

  private static Toolbox tools(HttpClient client) {
    return new HttpTools(new ToolClient(() -> client, old -> {}), 1 << 20);
  }

  private static ToolCall searchAt(URI uri) {
    return Given.call(Given.builtIn(uri).get("rag_search"));
  }

  private void calls(Toolbox tools, ToolCall call, Random random) {
    for (int i = 0; i < CALLS / CALLERS; i++) {
      Toolbox.Attempt attempt = tools.call(call);
      boolean isToBeCancelled = random.nextBoolean();
      if (isToBeCancelled) {
        LockSupport.parkNanos(random.nextInt(4_000_000));
        attempt.cancel();
      }
      ToolResult result = attempt.ended().toCompletableFuture().join();
      if (isToBeCancelled && result instanceof ToolResult.Stopped) {
        cancelled.incrementAndGet();
      } else {
        assertThat(result).isEqualTo(Given.success("rag_search"));
      }
    }
  }
}
