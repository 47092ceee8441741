package dev.agentrooms.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.agentrooms.protocol.Json;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A cancel that meets an answer: the connection is somebody else's by then, and must stay so.
class LateCancelTest {

  private static final int CALLERS = 16;
  private static final int CALLS = Given.stress(4_000);

  private final AtomicInteger cancelled = new AtomicInteger();

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aCancelThatComesTooLateHurtsNobodyElse(boolean isChunked) throws Exception {
    byte[] answer = Json.encode(Given.answer(Tool.RAG_SEARCH));
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
      Toolbox tools =
          new HttpToolbox(
              new ToolClient(AgentServer::httpClient),
              Given.settings(
                      URI.create("http://127.0.0.1:" + server.getAddress().getPort()), 1 << 20)
                  .tools());
      long seed = System.nanoTime();
      List<Future<?>> callers = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        Random random = new Random(seed + i);
        callers.add(threads.submit(() -> calls(tools, random)));
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

  private void calls(Toolbox tools, Random random) {
    for (int i = 0; i < CALLS / CALLERS; i++) {
      Toolbox.Attempt attempt =
          tools.call(
              new Toolbox.ToolCall(
                  Tool.RAG_SEARCH, Given.SESSION, "r-1", "-", Json.object().put("query", "why")));
      boolean isToBeCancelled = random.nextBoolean();
      if (isToBeCancelled) {
        LockSupport.parkNanos(random.nextInt(4_000_000));
        attempt.cancel();
      }
      ToolResult result = attempt.ended().toCompletableFuture().join();
      if (isToBeCancelled && result instanceof ToolResult.Stopped) {
        cancelled.incrementAndGet();
      } else {
        assertThat(result).isEqualTo(Given.success(Tool.RAG_SEARCH));
      }
    }
  }
}
