package dev.agentrooms.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;

/// Requests that look wrong, or are just within a limit, and must be served.
final class OddRequests {

  record Odd(String name, Role server, byte[] bytes, int status) {
    @Override
    public String toString() {
      return server.word() + ": " + name;
    }
  }

  private static final String END = " HTTP/1.1\r\nHost: localhost\r\n";

  private final List<Odd> all = new ArrayList<>();

  private OddRequests() {
    run("as many bytes as may be", padded("{\"question\":\"What is it?\"}", 64 * 1024), "");
    run("8,000 emoji", "{\"question\":\"" + "\ud83d\ude00".repeat(8000) + "\"}", "");
    run(
        "session id of 128 characters",
        "{\"question\":\"q\",\"session_id\":\"" + "a".repeat(128) + "\"}",
        "");
    run("unknown members", "{\"question\":\"q\",\"future\":{\"n\":1e999999}}", "");
    run("a NUL by escape", "{\"question\":\"a\\u0000b\"}", "");
    run("the same member twice", "{\"question\":\"q\",\"question\":\"r\"}", "");
    run("nulls for what is optional", "{\"question\":\"q\",\"on_busy\":null}", "");
    run("an Accept that asks for a page", "{\"question\":\"q\"}", "Accept: text/html\r\n");
    run("an Accept that is none", "{\"question\":\"q\"}", "Accept: ;;;\r\n");
    run("a trace that is none", "{\"question\":\"q\"}", "traceparent: 00-zz-zz-zz\r\n");
    run("an answer wanted zipped", "{\"question\":\"q\"}", "Accept-Encoding: gzip, br\r\n");
    run("cookies", "{\"question\":\"q\"}", "Cookie: " + "a=b; ".repeat(500) + "\r\n");
    type("charset=utf-8");
    // JSON is UTF-8 and nothing else (RFC 8259, 8.1 and 11): the parameter has no meaning.
    type("charset=utf-16");
    type("charset=nonsense");
    send("GET in absolute form", Role.AGENT, "GET http://localhost/health" + END + "\r\n", 200);
    send("HTTP/1.0", Role.AGENT, "GET /health HTTP/1.0\r\n\r\n", 200);
    send(
        "an offer of HTTP/2",
        Role.AGENT,
        "GET /health" + END + "Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
        200);
    send("HEAD", Role.AGENT, "HEAD /health" + END + "Connection: close\r\n\r\n", 200);
    send("GET with a body", Role.AGENT, "GET /health" + END + "Content-Length: 2\r\n\r\n{}", 200);
    send("a range", Role.WEBUI, "GET /" + END + "Range: bytes=0-0,-1,5-4\r\n\r\n", 200);
    send("an unknown room", Role.WEBUI, "GET /api/messages?session_id=none" + END + "\r\n", 200);
    send(
        "parameters that nobody knows",
        Role.WEBUI,
        "GET /api/messages?session_id=none&session_id=other&x=%20" + END + "\r\n",
        200);
    String event =
        "{\"event_id\":\"e\",\"session_id\":\"odd\",\"ts\":\"2026-11-22T10:00:00+02:00\","
            + "\"step\":\"s\",\"meta\":{\"n\":1e99}}";
    String largest = padded(event, 1 << 20);
    send(
        "an event of a mebibyte",
        Role.WEBUI,
        "POST /api/agent/progress"
            + END
            + "Content-Type: application/json\r\nContent-Length: "
            + largest.length()
            + "\r\n\r\n"
            + largest,
        200);
  }

  static List<Odd> all() {
    return new OddRequests().all;
  }

  private void type(String parameter) {
    String json = "{\"question\":\"q\"}";
    send(
        "application/json; " + parameter,
        Role.AGENT,
        "POST /api/agent/run"
            + END
            + "Content-Type: application/json; "
            + parameter
            + "\r\nContent-Length: 16\r\n\r\n"
            + json,
        202);
  }

  private void run(String name, String json, String headers) {
    byte[] body = json.getBytes(UTF_8);
    send(
        name,
        Role.AGENT,
        "POST /api/agent/run"
            + END
            + headers
            + "Content-Type: application/json\r\nContent-Length: "
            + body.length
            + "\r\n\r\n"
            + new String(body, ISO_8859_1),
        202);
  }

  private void send(String name, Role server, String request, int status) {
    all.add(new Odd(name, server, request.getBytes(ISO_8859_1), status));
  }

  private static String padded(String json, int bytes) {
    return json + " ".repeat(bytes - json.length());
  }
}
