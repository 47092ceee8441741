package dev.agentrooms.tools.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.MalformedJson;
import dev.agentrooms.protocol.Text;
import dev.agentrooms.tools.RetryAfter;
import dev.agentrooms.tools.SseParser;
import dev.agentrooms.tools.StreamedExchange;
import dev.agentrooms.tools.ToolDefaults;
import dev.agentrooms.tools.ToolResult.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One request over HTTP, read on a virtual thread of its own. An event stream that ends before the
/// answer has come is resumed behind its last event, where its events have ids.
final class HttpExchange implements McpTransport.Sent, Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(HttpExchange.class);
  private static final Duration RETRY = Duration.ofSeconds(1);
  // A server that asks for none would be asked without a pause.
  private static final Duration SHORTEST_RETRY = Duration.ofMillis(50);
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(30);
  private static final int MAX_RESUMPTIONS = 10;
  private static final int MAX_TYPE = 100;

  private final HttpTransport transport;
  private final HttpRequest first;
  private final @Nullable Long wanted;
  private final boolean listens;
  private final int maxSize;
  private final CompletableFuture<Void> over = new CompletableFuture<>();
  private final StreamedExchange exchange;
  private boolean isAnswered;
  private boolean wasStream;

  /// @param wanted the id of the request whose answer comes here; null for a message without one
  HttpExchange(HttpTransport transport, HttpRequest first, @Nullable Long wanted, int maxSize) {
    this(transport, first, wanted, false, maxSize);
  }

  private HttpExchange(
      HttpTransport transport,
      HttpRequest first,
      @Nullable Long wanted,
      boolean listens,
      int maxSize) {
    this.transport = transport;
    this.first = first;
    this.wanted = wanted;
    this.listens = listens;
    this.maxSize = maxSize;
    this.exchange = new StreamedExchange(transport.client());
  }

  /// A stream that stays open for what the server says unasked.
  static HttpExchange listening(HttpTransport transport, HttpRequest get, int maxSize) {
    return new HttpExchange(transport, get, null, true, maxSize);
  }

  void start(String name) {
    exchange.start(first, name, this);
  }

  @Override
  public CompletableFuture<Void> over() {
    return over;
  }

  @Override
  public void abort() {
    if (!over.isDone()) {
      exchange.abort();
    }
  }

  @Override
  public void run() {
    McpFailure failure = null;
    try {
      failure = exchanged();
    } catch (InterruptedException | CancellationException e) {
      failure = McpFailure.lost();
    } catch (RuntimeException | StackOverflowError bug) {
      LOG.error("an answer of an MCP server cannot be judged", bug);
      failure = McpFailure.invalid("it cannot be read.");
    }
    if (listens && wasStream && failure != null && !exchange.isAborted() && !transport.isClosed()) {
      transport.listener().closed(failure);
    }
    if (failure == null || exchange.isAborted() || listens) {
      over.complete(null);
    } else {
      over.completeExceptionally(failure);
    }
  }

  /// @return null when everything that was to come has come
  private @Nullable McpFailure exchanged() throws InterruptedException {
    String lastEventId = "";
    int fruitless = 0;
    while (true) {
      SseParser events = new SseParser(this::event, maxSize);
      McpFailure failure = once(events);
      if (isAnswered || exchange.isAborted() || transport.isClosed()) {
        return null;
      }
      String seen = events.lastId().isEmpty() ? lastEventId : events.lastId();
      boolean isStream = failure == null;
      if (!isStream || (!listens && (wanted == null || seen.isEmpty()))) {
        return failure == null && wanted != null ? McpFailure.lost() : failure;
      }
      fruitless = seen.equals(lastEventId) ? fruitless + 1 : 0;
      if (fruitless > MAX_RESUMPTIONS && !listens) {
        return McpFailure.lost();
      }
      lastEventId = seen;
      Thread.sleep(pause(events.retry()));
      exchange.again(transport.resumption(lastEventId));
    }
  }

  private static Duration pause(@Nullable Duration asked) {
    Duration pause = asked == null ? RETRY : asked;
    return pause.compareTo(LONGEST_RETRY) > 0
        ? LONGEST_RETRY
        : pause.compareTo(SHORTEST_RETRY) < 0 ? SHORTEST_RETRY : pause;
  }

  /// Reads one answer.
  ///
  /// @return null after an event stream that ended, or a message that wants no answer
  private @Nullable McpFailure once(SseParser events) throws InterruptedException {
    try {
      HttpResponse<InputStream> answer = exchange.answer();
      try (InputStream in = answer.body()) {
        return judged(answer, in, events);
      }
    } catch (ExecutionException e) {
      return StreamedExchange.isRefused(e)
          ? new McpFailure(Reason.CONNECTION_REFUSED, "The MCP server cannot be reached.")
          : McpFailure.lost();
    } catch (IOException e) {
      // A stream may be resumed, anything else is lost.
      return listens || !events.lastId().isEmpty() ? null : McpFailure.lost();
    } catch (MalformedJson e) {
      return McpFailure.invalid(e.detail());
    }
  }

  private @Nullable McpFailure judged(
      HttpResponse<InputStream> answer, InputStream in, SseParser events) throws IOException {
    int status = answer.statusCode();
    if (status / 100 != 2) {
      // Many answer 404, and not 405, where they have no such stream.
      boolean mayBeForgotten = !listens || wasStream;
      if (mayBeForgotten && transport.isForgotten(answer)) {
        return McpFailure.forgotten();
      }
      return new McpFailure(
          Reason.HTTP_STATUS,
          status,
          "The MCP server answered " + status + ".",
          RetryAfter.of(answer.headers()));
    }
    if (!transport.headed(answer)) {
      return McpFailure.invalid("it names a session as none can be named.");
    }
    String type = answer.headers().firstValue("Content-Type").orElse("").toLowerCase(Locale.ROOT);
    if (type.startsWith("text/event-stream")) {
      wasStream = true;
      byte[] buffer = new byte[16 * 1024];
      for (int n = in.read(buffer); n >= 0 && !isAnswered; n = in.read(buffer)) {
        events.read(ByteBuffer.wrap(buffer, 0, n));
        if (isAnswered) {
          return null;
        }
      }
      return null;
    }
    if (wanted == null) {
      return null;
    }
    if (!type.startsWith("application/json")) {
      return McpFailure.invalid("its content type is \"" + Text.cut(type, MAX_TYPE) + "\".");
    }
    byte[] whole = in.readNBytes(maxSize + 1);
    if (whole.length > maxSize) {
      return new McpFailure(
          Reason.ANSWER_TOO_LARGE, "The MCP server's answer is longer than " + maxSize + " bytes.");
    }
    heard(Json.parse(whole, ToolDefaults.MAX_TOKENS));
    return isAnswered ? null : McpFailure.invalid("it answers something else.");
  }

  private void event(String name, String data) {
    // An event without data only says from where the stream goes on.
    if (!data.isEmpty() && !exchange.isAborted()) {
      heard(Json.parse(data.getBytes(StandardCharsets.UTF_8), ToolDefaults.MAX_TOKENS));
    }
  }

  private void heard(JsonNode message) {
    transport.listener().message(message);
    isAnswered |= isAnswer(message);
  }

  private boolean isAnswer(JsonNode message) {
    if (message.isArray()) {
      for (JsonNode each : message) {
        if (isAnswer(each)) {
          return true;
        }
      }
      return false;
    }
    return wanted != null
        && !message.has("method")
        && message.path("id").isIntegralNumber()
        && message.path("id").asLong() == wanted;
  }
}
