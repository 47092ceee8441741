package dev.agentrooms.tools.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A server with the API of a model, which answers each request by a script, however badly.
public final class ModelStub implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 20;
  private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *(\\d+)");

  /// How one request is answered. The connection is closed when it returns.
  public interface Script {
    void answer(Exchange exchange) throws Exception;
  }

  /// One request, and its connection.
  ///
  /// @param number 1 for the first request
  public record Exchange(int number, String head, JsonNode request, Socket socket) {

    public void raw(byte[] bytes) throws IOException {
      OutputStream out = socket.getOutputStream();
      out.write(bytes);
      out.flush();
    }

    public void raw(String text) throws IOException {
      raw(text.getBytes(StandardCharsets.UTF_8));
    }

    /// Begins an event stream, whose end is the connection's.
    public void begin() throws IOException {
      raw("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n");
    }

    public void event(String data) throws IOException {
      raw("data: " + data + "\n\n");
    }

    public void token(String text) throws IOException {
      event(chunk(Json.object().put("content", text), null));
    }

    public void finish(String reason) throws IOException {
      event(chunk(Json.object(), reason));
    }

    public void done() throws IOException {
      event("[DONE]");
    }

    public void answer(int status, String type, String body) throws IOException {
      answer(status, "Content-Type: " + type + "\r\n", type, body);
    }

    void answer(int status, String headers, String type, String body) throws IOException {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      raw(
          "HTTP/1.1 "
              + status
              + " X\r\n"
              + headers
              + "Connection: close\r\nContent-Length: "
              + bytes.length
              + "\r\n\r\n");
      raw(bytes);
    }

    /// A whole answer with this text.
    public void text(@Nullable String text) throws IOException {
      answer(200, "application/json", whole(text, "stop"));
    }

    /// Reads until the client has closed, by FIN or reset.
    public void waitForClose() {
      try {
        InputStream in = socket.getInputStream();
        while (in.read() >= 0) {
          // Still open.
        }
      } catch (IOException e) {
        // A reset is a close too.
      }
    }

    public void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }

    public boolean isStream() {
      return request.path("stream").asBoolean();
    }
  }

  private final ServerSocket server;
  private final Script script;
  private final List<Exchange> exchanges = new CopyOnWriteArrayList<>();
  private final BlockingQueue<Exchange> begun = new LinkedBlockingQueue<>();
  private final BlockingQueue<Long> closes = new LinkedBlockingQueue<>();

  public ModelStub(Script script) throws IOException {
    this.server = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
    this.script = script;
    Thread.ofVirtual().start(this::accept);
  }

  /// Streams the words, if asked to, and ends as it should.
  public static Script says(String... tokens) {
    return exchange -> {
      if (!exchange.isStream()) {
        exchange.text(String.join("", tokens));
        return;
      }
      exchange.begin();
      exchange.event(chunk(Json.object().put("role", "assistant").put("content", ""), null));
      for (String token : tokens) {
        exchange.token(token);
      }
      exchange.finish("stop");
      exchange.event(
          "{\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":"
              + tokens.length
              + "}}");
      exchange.done();
    };
  }

  public static String chunk(ObjectNode delta, @Nullable String finish) {
    ObjectNode chunk = Json.object().put("object", "chat.completion.chunk");
    ObjectNode choice = chunk.putArray("choices").addObject().put("index", 0);
    choice.set("delta", delta);
    choice.put("finish_reason", finish);
    return new String(Json.encode(chunk), StandardCharsets.UTF_8);
  }

  public static String whole(@Nullable String text, String finish) {
    ObjectNode answer = Json.object().put("object", "chat.completion");
    ObjectNode choice = answer.putArray("choices").addObject().put("index", 0);
    choice.putObject("message").put("role", "assistant").put("content", text);
    choice.put("finish_reason", finish);
    answer.putObject("usage").put("prompt_tokens", 3).put("completion_tokens", 2);
    return new String(Json.encode(answer), StandardCharsets.UTF_8);
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/v1");
  }

  public int requests() {
    return exchanges.size();
  }

  public List<Exchange> exchanges() {
    return exchanges;
  }

  public JsonNode request(int number) {
    return exchanges.get(number - 1).request();
  }

  /// The next request that has arrived.
  public Exchange awaitRequest() throws InterruptedException {
    Exchange next = begun.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertThat(next).as("a request").isNotNull();
    return next;
  }

  /// When the next script came to its end, as `System.nanoTime` says it; for one that waits for it,
  /// that is when the client has closed.
  public long awaitEnd() throws InterruptedException {
    Long at = closes.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertThat(at).as("the end of an exchange").isNotNull();
    return at;
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      Exchange exchange = read(socket);
      begun.add(exchange);
      script.answer(exchange);
    } catch (Exception e) {
      // The client went first.
    } finally {
      closes.add(System.nanoTime());
    }
  }

  private synchronized Exchange add(String head, JsonNode body, Socket socket) {
    Exchange exchange = new Exchange(exchanges.size() + 1, head, body, socket);
    exchanges.add(exchange);
    return exchange;
  }

  private Exchange read(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      int b = in.read();
      if (b < 0) {
        throw new IOException("no request");
      }
      head.write(b);
    }
    String text = head.toString(StandardCharsets.ISO_8859_1);
    Matcher length = LENGTH.matcher(text);
    byte[] body = in.readNBytes(length.find() ? Integer.parseInt(length.group(1)) : 0);
    return add(text.toLowerCase(Locale.ROOT), Json.parse(body), socket);
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Exchange exchange : exchanges) {
      exchange.socket().close();
    }
  }
}
