package dev.agentrooms.tools.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.agentrooms.protocol.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A server of the protocol over Streamable HTTP, whose tools do what their names say.
public final class McpStub implements AutoCloseable {

  /// A request as it came; its message is JSON's null for a GET or DELETE.
  record Came(String method, Map<String, List<String>> headers, JsonNode message) {
    @Nullable String header(String name) {
      return headers.entrySet().stream()
          .filter(each -> each.getKey().equalsIgnoreCase(name))
          .map(each -> each.getValue().getFirst())
          .findFirst()
          .orElse(null);
    }
  }

  private final HttpServer server;
  private final List<Came> came = new CopyOnWriteArrayList<>();
  private final Map<Long, CountDownLatch> cancelled = new ConcurrentHashMap<>();
  private final BlockingQueue<String> pushed = new LinkedBlockingQueue<>();
  private final AtomicInteger sessions = new AtomicInteger();
  private final CountDownLatch over = new CountDownLatch(1);
  private final boolean streams;
  // What it answers to calls of tools of these names; `ID` is the request's.
  final Map<String, String> lies = new ConcurrentHashMap<>();
  // It takes what it is answered, and does not say so.
  private volatile boolean isDeaf;
  volatile String session = "s";
  volatile boolean hasStream = true;
  volatile String version = "2025-06-18";
  public volatile String tools =
      """
      [{"name":"echo","title":"Echo","description":"Says it again",
        "inputSchema":{"$schema":"http://json-schema.org/draft-07/schema#","type":"object","required":["text"],"properties":{"text":{"type":"string"}}},
        "annotations":{"readOnlyHint":true}},
       {"name":"drop_all","inputSchema":{"type":"object"}}]
      """;

  /// @param streams whether it answers with event streams
  McpStub(boolean streams, int port) throws IOException {
    this.streams = streams;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::take);
    server.start();
  }

  public McpStub(boolean streams) throws IOException {
    this(streams, 0);
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/mcp");
  }

  int port() {
    return server.getAddress().getPort();
  }

  /// It knows no session of before any more.
  void forget() {
    sessions.incrementAndGet();
  }

  void push(String message) {
    pushed.add(message);
  }

  /// The first request of this JSON-RPC method, once it has come.
  Came await(String method) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (System.nanoTime() < deadline) {
      for (Came each : came) {
        if (each.message().path("method").asText().equals(method) || each.method().equals(method)) {
          return each;
        }
      }
      Thread.sleep(2);
    }
    throw new AssertionError("no " + method + " among " + came);
  }

  long count(String method) {
    return came.stream()
        .filter(each -> each.message().path("method").asText().equals(method))
        .count();
  }

  /// What it was answered, with single quotes.
  List<String> answers() {
    return came.stream()
        .map(Came::message)
        .filter(message -> message.has("id") && !message.has("method"))
        .map(message -> message.toString().replace('"', '\''))
        .toList();
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      JsonNode message = body.length == 0 ? Json.mapper().nullNode() : Json.parse(body);
      came.add(
          new Came(exchange.getRequestMethod(), Map.copyOf(exchange.getRequestHeaders()), message));
      answer(exchange, message);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void answer(HttpExchange exchange, JsonNode message)
      throws IOException, InterruptedException {
    boolean isFirst = message.path("method").asText().equals("initialize");
    String session = exchange.getRequestHeaders().getFirst(HttpTransport.SESSION);
    if (!isFirst && !(this.session + sessions.get()).equals(session)) {
      exchange.sendResponseHeaders(session == null ? 400 : 404, -1);
      return;
    }
    switch (exchange.getRequestMethod()) {
      case "GET" -> {
        if (hasStream) {
          listen(exchange);
        } else {
          exchange.sendResponseHeaders(404, -1);
        }
      }
      case "DELETE" -> exchange.sendResponseHeaders(204, -1);
      default -> {
        if (message.has("id") && message.has("method")) {
          asked(exchange, message);
        } else {
          noted(message);
          if (isDeaf && message.has("id")) {
            over.await(60, TimeUnit.SECONDS);
          }
          exchange.sendResponseHeaders(202, -1);
        }
      }
    }
  }

  private void noted(JsonNode message) {
    if (message.path("method").asText().equals("notifications/cancelled")) {
      latch(message.path("params").path("requestId").asLong()).countDown();
    }
  }

  private CountDownLatch latch(long id) {
    return cancelled.computeIfAbsent(id, key -> new CountDownLatch(1));
  }

  private void listen(HttpExchange exchange) throws IOException, InterruptedException {
    String after = exchange.getRequestHeaders().getFirst("Last-Event-ID");
    OutputStream out = stream(exchange);
    if (after != null) {
      long id = Long.parseLong(after.substring(after.indexOf('-') + 1));
      write(out, "data: " + result(id, "{\"structuredContent\":{\"resumed\":true}}") + "\n\n");
      return;
    }
    while (over.getCount() > 0) {
      String next = pushed.poll(20, TimeUnit.MILLISECONDS);
      if (next != null) {
        write(out, "data: " + next + "\n\n");
      }
    }
  }

  private void asked(HttpExchange exchange, JsonNode request)
      throws IOException, InterruptedException {
    long id = request.path("id").asLong();
    String method = request.path("method").asText();
    if (method.equals("initialize")) {
      exchange.getResponseHeaders().set("Mcp-Session-Id", session + sessions.get());
      reply(
          exchange,
          result(id, "{\"protocolVersion\":\"" + version + "\",\"capabilities\":{\"tools\":{}}}"));
    } else if (method.equals("tools/list")) {
      // Two pages, if there is more than one tool.
      JsonNode all = Json.parse(tools.getBytes(StandardCharsets.UTF_8));
      boolean isSecond = request.path("params").has("cursor");
      ObjectNode page = Json.object();
      ArrayNode listed = page.putArray("tools");
      for (int i = isSecond ? 1 : 0; i < (isSecond ? all.size() : 1); i++) {
        listed.add(all.get(i));
      }
      if (!isSecond && all.size() > 1) {
        page.put("nextCursor", "2");
      }
      reply(exchange, result(id, page.toString()));
    } else {
      call(exchange, id, request.path("params"));
    }
  }

  private void call(HttpExchange exchange, long id, JsonNode params)
      throws IOException, InterruptedException {
    switch (params.path("name").asText()) {
      case "echo" -> {
        String text = params.path("arguments").path("text").asText();
        reply(
            exchange,
            result(
                id,
                Json.object()
                    .set("structuredContent", Json.object().put("text", text))
                    .toString()));
      }
      case "find_contact" -> {
        String email = params.path("arguments").path("email").asText();
        reply(
            exchange,
            result(id, "{\"structuredContent\":{\"name\":\"Contact of " + email + "\"}}"));
      }
      case "text" ->
          reply(exchange, result(id, "{\"content\":[{\"type\":\"text\",\"text\":\"plain\"}]}"));
      case "json" ->
          reply(
              exchange,
              result(id, "{\"content\":[{\"type\":\"text\",\"text\":\"{\\\"a\\\":1}\"}]}"));
      case "picture" ->
          reply(exchange, result(id, "{\"content\":[{\"type\":\"image\",\"data\":\"AA==\"}]}"));
      case "fails" ->
          reply(
              exchange,
              result(
                  id, "{\"isError\":true,\"content\":[{\"type\":\"text\",\"text\":\"No luck\"}]}"));
      case "error" ->
          reply(
              exchange,
              "{\"jsonrpc\":\"2.0\",\"id\":"
                  + id
                  + ",\"error\":{\"code\":-32602,\"message\":\"Unknown tool\"}}");
      case "other_id" -> reply(exchange, result(id + 1000, "{\"structuredContent\":{}}"));
      case "status" -> exchange.sendResponseHeaders(503, -1);
      case "html" -> {
        exchange.getResponseHeaders().set("Content-Type", "text/html");
        exchange.sendResponseHeaders(200, 0);
      }
      case "asks_first" -> {
        OutputStream out = stream(exchange);
        write(
            out,
            "data: {\"jsonrpc\":\"2.0\",\"id\":\"q1\",\"method\":\"sampling/createMessage\"}\n\n");
        write(out, "data: {\"jsonrpc\":\"2.0\",\"id\":\"q2\",\"method\":\"ping\"}\n\n");
        write(out, "data: " + result(id, "{\"structuredContent\":{\"a\":1}}") + "\n\n");
      }
      case "resumes" -> {
        OutputStream out = stream(exchange);
        write(out, "retry: 1\nid: e-" + id + "\ndata: \n\n");
      }
      case "polite" -> {
        stream(exchange);
        latch(id).await(60, TimeUnit.SECONDS);
      }
      case "deaf" -> {
        stream(exchange);
        over.await(60, TimeUnit.SECONDS);
      }
      case "redirect" -> {
        exchange.getResponseHeaders().set("Location", "/elsewhere");
        exchange.sendResponseHeaders(307, -1);
      }
      case "denied" -> exchange.sendResponseHeaders(401, -1);
      case "long_type" -> {
        exchange.getResponseHeaders().set("Content-Type", "a/" + "b".repeat(5000));
        exchange.sendResponseHeaders(200, -1);
      }
      case "other_session" -> {
        exchange.getResponseHeaders().set(HttpTransport.SESSION, "stolen");
        reply(exchange, result(id, "{\"structuredContent\":{\"a\":1}}"));
      }
      case "cut_off" -> {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, 1000);
        write(exchange.getResponseBody(), "{\"jsonrpc\":");
      }
      case "stream_cut_off" -> write(stream(exchange), "data: {\"jsonrpc\":");
      case "huge_line" -> write(stream(exchange), "data: " + "x".repeat(200_000));
      case "huge" -> reply(exchange, result(id, "{\"x\":\"" + "x".repeat(200_000) + "\"}"));
      case "two" -> {
        OutputStream out = stream(exchange);
        for (int i = 1; i <= 2; i++) {
          write(out, "data: " + result(id, "{\"structuredContent\":{\"a\":" + i + "}}") + "\n\n");
        }
      }
      case "byte_by_byte" -> {
        OutputStream out = stream(exchange);
        for (char c :
            ("data: " + result(id, "{\"structuredContent\":{}}") + "\r\n\r\n").toCharArray()) {
          write(out, String.valueOf(c));
        }
      }
      case "asks_for_ever" -> {
        isDeaf = true;
        OutputStream out = stream(exchange);
        for (int i = 0; i < 500; i++) {
          write(out, "data: {\"jsonrpc\":\"2.0\",\"id\":" + i + ",\"method\":\"ping\"}\n\n");
        }
        write(out, "data: " + result(id, "{\"structuredContent\":{}}") + "\n\n");
      }
      default ->
          reply(
              exchange,
              lies.getOrDefault(params.path("name").asText(), "{}").replace("ID", "" + id));
    }
  }

  static String result(long id, String result) {
    return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":" + result + "}";
  }

  private void reply(HttpExchange exchange, String json) throws IOException {
    if (streams) {
      write(stream(exchange), "event: message\ndata: " + json.replace("\n", "") + "\n\n");
    } else {
      byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private static OutputStream stream(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    OutputStream out = exchange.getResponseBody();
    out.flush();
    return out;
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  @Override
  public void close() {
    over.countDown();
    server.stop(0);
  }
}
