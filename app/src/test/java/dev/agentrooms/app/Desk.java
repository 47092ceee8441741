package dev.agentrooms.app;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/// A help desk as a service: it has one ticket, and keeps each reply that it was sent, byte by
/// byte.
final class Desk implements AutoCloseable {

  /// Workflows in which somebody has to answer.
  private static final String WORKFLOWS =
      """
      tools {
        fetch_ticket { http { method = GET, url = "DESK/tickets/{{input.ticket}}" }, result = ticket }
        send_reply {
          title = "Send the reply"
          parameters { type = object, required = [text], additionalProperties = false,
                       properties { text { type = string, maxLength = 100 } } }
          http { method = POST, url = "DESK/tickets/{{input.ticket}}/replies", body { text = "{{arguments.text}}" } }
          approve = true
          edit = true
        }
        close_ticket { http { method = POST, url = "DESK/tickets/{{input.ticket}}/replies", body { closed = true } }, approve = true }
      }
      workflows {
        reviewed {
          steps = [
            { name = fetch, tool = fetch_ticket }
            { name = review, ask { prompt = "Send this reply?", value = "About: {{steps.fetch.text}}", edit = true } }
            { name = send, tool = send_reply, with { text = "{{steps.review.value}}" } }
          ]
          result { reply = "{{steps.review.value}}" }
        }
        twice {
          steps = [
            { name = review, ask { prompt = "Send this?", value = "Hello" } }
            { name = send, tool = send_reply, with { text = "{{steps.review.value}}" } }
            { name = again, tool = send_reply, with { text = "{{steps.review.value}}" } }
          ]
        }
        direct {
          steps = [
            { name = fetch, tool = fetch_ticket }
            { name = send, tool = send_reply, with { text = "About: {{steps.fetch.text}}" } }
          ]
        }
        closing { steps = [{ name = shut, tool = close_ticket }] }
        choice {
          steps = [{ name = pick, ask { prompt = "Which one?", options = [red, blue] } }]
          result { picked = "{{steps.pick.value}}" }
        }
        form {
          steps = [{ name = fill, ask { prompt = "How many?", edit = true, value { n = 1 },
                     schema { type = object, required = [n], properties { n { type = integer } } } } }]
          result { n = "{{steps.fill.value.n}}" }
        }
      }
      """;

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

  /// An agent and a web UI with workflows that use this desk.
  ///
  /// @param folder where their file is written
  /// @param more settings: key, value, …
  Stack stack(Path folder, Object... more) throws IOException {
    Path file = folder.resolve("people.conf");
    Files.writeString(file, WORKFLOWS.replace("DESK", url()));
    Map<String, Object> settings = new HashMap<>(Stack.settings(more));
    settings.put("agent.workflows.file", file.toString());
    return Stack.start(EnumSet.of(Role.AGENT, Role.WEBUI), settings);
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
