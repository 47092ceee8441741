package dev.agentrooms.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/// Bad requests, with the expected status of each.
final class BadRequests {

  /// @param server the server that it is sent to
  /// @param statuses the allowed statuses; 0 means that the connection is closed
  /// @param field what the problem must name; empty for none in particular
  record Bad(String name, Role server, byte[] bytes, List<Integer> statuses, String field) {
    @Override
    public String toString() {
      return server.word() + ": " + name;
    }
  }

  private static final String JSON = "Content-Type: application/json\r\n";
  private static final String HOST = "Host: localhost\r\n";
  private static final String RUN = "POST /api/agent/run HTTP/1.1\r\n" + HOST;

  private final List<Bad> all = new ArrayList<>();

  private BadRequests() {
    jsonThatIsNone();
    encodings();
    fieldsOfARun();
    fieldsOfAnEvent();
    sizes();
    contentTypes();
    lengths();
    headers();
    requestLines();
    otherProtocols();
    targets();
    paths();
    methods();
    queries();
    handshakes();
  }

  static List<Bad> all() {
    return new BadRequests().all;
  }

  private void jsonThatIsNone() {
    run("no body", "", 400);
    run("blank body", " \r\n\t", 400);
    run("cut-off object", "{\"question\":\"q\"", 400);
    run("something behind the object", "{\"question\":\"q\"} x", 400);
    run("two objects", "{\"question\":\"q\"}{\"question\":\"q\"}", 400);
    run("comma at the end", "{\"question\":\"q\",}", 400);
    run("single quotes", "{'question':'q'}", 400);
    run("comment", "{/* */\"question\":\"q\"}", 400);
    run("name without quotes", "{question:\"q\"}", 400);
    run("not a number", "{\"question\":NaN}", 400);
    run("octal number", "{\"question\":\"q\",\"num_questions\":07}", 400);
    run("line break in a string", "{\"question\":\"a\nb\"}", 400);
    run("unknown escape", "{\"question\":\"\\x41\"}", 400);
    run("array", "[{\"question\":\"q\"}]", 400);
    run("string", "\"question\"", 400);
    run("number", "42", 400);
    run("null", "null", 400);
    run("form", "question=q&session_id=a", 400);
    run("markup", "<run><question>q</question></run>", 400);
    run("1,100 arrays deep", "{\"question\":" + "[".repeat(1100) + "]".repeat(1100) + "}", 400);
    run("30,000 objects deep", "{\"a\":".repeat(10_000), 400);
    run("number of 2,000 digits", "{\"question\":\"q\",\"n\":" + "9".repeat(2000) + "}", 400);
    run("name of 60,000 characters", "{\"" + "n".repeat(60_000) + "\":1}", 400);
  }

  private void encodings() {
    String good = "{\"question\":\"Wie hoch ist die Zugspitze\u00f6?\"}";
    for (Charset charset :
        List.of(
            UTF_16,
            UTF_16LE,
            UTF_16BE,
            ISO_8859_1,
            Charset.forName("UTF-32"),
            Charset.forName("UTF-32LE"))) {
      run("JSON in " + charset, good.getBytes(charset), 400, "");
    }
    for (String hex : List.of("c328", "c0af", "eda080", "f5808080", "ff", "fe", "80", "00")) {
      run("bytes " + hex + " in a string", quoted(HexFormat.of().parseHex(hex)), 400, "");
    }
    run("UTF-8 that ends too early", new byte[] {'"', (byte) 0xe2, (byte) 0x82}, 400, "");
    run("half of a surrogate pair", "{\"question\":\"\\ud83d\"}", 400, "question");
    run("surrogates the wrong way round", "{\"question\":\"\\ude00\\ud83d\"}", 400, "question");
  }

  private void fieldsOfARun() {
    run("no question", "{}", 400, "question");
    for (String question : List.of("null", "1", "true", "{}", "[]", "\"\"", "\" \\n\\t \"")) {
      run("question " + question, "{\"question\":" + question + "}", 400, "question");
    }
    run("8,001 characters", "{\"question\":\"" + "a".repeat(8001) + "\"}", 400, "question");
    run("8,001 emoji", "{\"question\":\"" + "\ud83d\ude00".repeat(8001) + "\"}", 400, "question");
    for (String id :
        List.of(
            "\"\"",
            "\"-a\"",
            "\".a\"",
            "\"a b\"",
            "\"a/b\"",
            "\"../a\"",
            "\"a\\nb\"",
            "\"a\\u0000\"",
            "\"\u00e9\"",
            "\"" + "a".repeat(129) + "\"",
            "7",
            "[\"a\"]",
            "{}")) {
      run("session_id " + shown(id), with("session_id", id), 400, "session_id");
    }
    for (String onBusy : List.of("\"\"", "\"maybe\"", "\"REJECT\"", "1", "[]")) {
      run("on_busy " + onBusy, with("on_busy", onBusy), 400, "on_busy");
    }
    for (String number :
        List.of("0", "51", "-1", "1.5", "1e400", "1e-400", "9".repeat(30), "\"5\"", "true", "[]")) {
      run("num_questions " + number, with("num_questions", number), 400, "num_questions");
    }
    run("meta []", with("meta", "[]"), 400, "meta");
    run(
        "meta.replaces that is no id",
        with("meta", "{\"replaces\":\"../b\"}"),
        400,
        "meta.replaces");
    run("submission []", with("submission", "[]"), 400, "submission");
    run("submission {}", with("submission", "{}"), 400, "submission.exam_id");
    run(
        "submission without answers",
        with("submission", "{\"exam_id\":\"e\"}"),
        400,
        "submission.answers");
    run(
        "answer that is a number",
        with("submission", "{\"exam_id\":\"e\",\"answers\":{\"q1\":1}}"),
        400,
        "submission.answers.q1");
    post("cancel without session", Role.AGENT, "/api/agent/cancel", "{}", 400, "session_id");
    post(
        "cancel of a bad run",
        Role.AGENT,
        "/api/agent/cancel",
        "{\"session_id\":\"a\",\"run_id\":\"../b\"}",
        400,
        "run_id");
    post(
        "cancel of nothing",
        Role.AGENT,
        "/api/agent/cancel",
        "{\"session_id\":\"never-seen\"}",
        404,
        "");
  }

  private void fieldsOfAnEvent() {
    event("no event", "{}", 400, "");
    event("event without id", event("event_id", "null"), 400, "event_id");
    event("event of no session", event("session_id", "null"), 400, "session_id");
    event("event of a bad session", event("session_id", "\"a b\""), 400, "session_id");
    event("event without time", event("ts", "null"), 400, "ts");
    event("event with a local time", event("ts", "\"2026-11-22T10:00:00\""), 400, "ts");
    event("event with a number for a time", event("ts", "1795341600"), 400, "ts");
    event("event without step", event("step", "null"), 400, "step");
    event("step in capitals", event("step", "\"Start\""), 400, "step");
    event("step of 65 characters", event("step", "\"" + "s".repeat(65) + "\""), 400, "step");
    event("unknown level", event("level", "\"fatal\""), 400, "level");
    event("meta that is an array", event("meta", "[]"), 400, "meta");
    event("half a character in meta", event("meta", "{\"a\":\"\\ud800\"}"), 400, "meta");
    event(
        "meta 100,000 deep",
        event("meta", "{\"a\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}"),
        400,
        "");
    event("exponent beyond all bounds", event("meta", "{\"n\":1e99999999999}"), 400, "");
    event("event of a mebibyte and one", " ".repeat(1 << 20) + "x", 413, "");
    String large = event("meta", "{}") + " ".repeat(1 << 20);
    bad(
        "large event in chunks",
        Role.WEBUI,
        chunked("/api/agent/progress", large.getBytes(UTF_8)),
        "",
        413);
  }

  private void sizes() {
    byte[] tooLong = (with("session_id", "\"size\"") + " ".repeat(64 * 1024)).getBytes(UTF_8);
    byte[] byOne = Arrays.copyOf(tooLong, 64 * 1024 + 1);
    run("65,537 bytes", byOne, 413, "");
    bad("65,537 bytes in chunks", Role.AGENT, chunked("/api/agent/run", byOne), "", 413);
    run("130 KB", tooLong, 413, "");
    bad("130 KB through the web UI", Role.WEBUI, body("/api/agent/run", JSON, tooLong), "", 413);
    bad("chunks through the web UI", Role.WEBUI, chunked("/api/agent/run", tooLong), "", 413);
    bad(
        "1 MB to a path that is not there",
        Role.AGENT,
        body("/nothing", JSON, new byte[1 << 20]),
        "",
        404);
    bad(
        "1 MB by a wrong method",
        Role.AGENT,
        body("/api/agent/sessions", JSON, new byte[1 << 20]),
        "",
        405);
    bad("1 MB of text", Role.AGENT, body("/api/agent/run", "", new byte[1 << 20]), "", 415);
    raw("10 GB announced", RUN + JSON + "Content-Length: 10000000000\r\n\r\n", 413);
    raw(
        "oversize that asks first",
        RUN + JSON + "Expect: 100-continue\r\nContent-Length: 65537\r\n\r\n",
        413);
    raw(
        "text that asks first",
        RUN + "Content-Type: text/plain\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n",
        415);
  }

  private void contentTypes() {
    for (String type :
        List.of(
            "",
            "Content-Type: text/plain\r\n",
            "Content-Type: application/x-www-form-urlencoded\r\n",
            "Content-Type: multipart/form-data; boundary=x\r\n",
            "Content-Type: application/jsonp\r\n",
            "Content-Type: application/problem+json\r\n",
            "Content-Type: json\r\n",
            "Content-Type: */*\r\n",
            "Content-Type: ;;;\r\n",
            "Content-Type:\r\n")) {
      bad(
          type.isEmpty() ? "no content type" : type.strip(),
          Role.AGENT,
          body("/api/agent/run", type, "{\"question\":\"q\"}".getBytes(UTF_8)),
          "",
          415);
    }
    raw(
        "two content types",
        RUN + JSON + "Content-Type: text/plain\r\nContent-Length: 16\r\n\r\n{\"question\":\"q\"}",
        400);
  }

  private void lengths() {
    String chunks = RUN + JSON + "Transfer-Encoding: chunked\r\n";
    String end = "\r\n\r\n{\"question\":\"q\"}";
    raw("negative length", RUN + JSON + "Content-Length: -1" + end, 400);
    raw("length in words", RUN + JSON + "Content-Length: many" + end, 400);
    raw("length in hex", RUN + JSON + "Content-Length: 0x10" + end, 400);
    raw("length with a sign", RUN + JSON + "Content-Length: +16" + end, 400);
    raw("length beyond a long", RUN + JSON + "Content-Length: 99999999999999999999" + end, 400);
    raw("two lengths", RUN + JSON + "Content-Length: 16\r\nContent-Length: 3" + end, 400);
    raw("list of lengths", RUN + JSON + "Content-Length: 16, 3" + end, 400);
    raw(
        "length and chunks",
        chunks + "Content-Length: 3\r\n\r\n10\r\n{\"question\":\"q\"}\r\n0\r\n\r\n",
        400);
    raw("chunk without size", chunks + "\r\n\r\n{}\r\n0\r\n\r\n", 400);
    raw("chunk size that is none", chunks + "\r\nzz\r\n{}\r\n0\r\n\r\n", 400);
    raw("negative chunk size", chunks + "\r\n-2\r\n{}\r\n0\r\n\r\n", 400);
    raw("chunk size beyond a long", chunks + "\r\nffffffffffffffffff\r\n{}\r\n0\r\n\r\n", 400);
    raw("chunk of 2 GB", chunks + "\r\n7fffffff\r\n{}", 400, 413);
    raw("chunk longer than it says", chunks + "\r\n1\r\n{}\r\n0\r\n\r\n", 400);
    raw("endless chunk extension", chunks + "\r\n1;" + "e".repeat(70_000) + "\r\n", 400);
    raw("unknown coding", RUN + JSON + "Transfer-Encoding: nonsense" + end, 400);
    raw("chunked twice", RUN + JSON + "Transfer-Encoding: chunked, chunked" + end, 400);
    raw("chunked, then gzip", RUN + JSON + "Transfer-Encoding: chunked, gzip" + end, 400);
    raw("space before the colon", RUN + JSON + "Transfer-Encoding : chunked" + end, 400);
  }

  private void headers() {
    String get = "GET /health HTTP/1.1\r\n";
    raw("an empty header name", get + HOST + ": x\r\n\r\n", 400);
    raw("an unknown Expect", get + HOST + "Expect: it\r\n\r\n", 417);
    raw("no Host", get + "\r\n", 400);
    raw("two Hosts", get + HOST + "Host: elsewhere\r\n\r\n", 400);
    raw("Host with a space", get + "Host: a b\r\n\r\n", 400);
    raw("Host with a port that is none", get + "Host: localhost:99999\r\n\r\n", 400);
    raw("header without a colon", get + HOST + "nonsense\r\n\r\n", 400);
    raw("header name with a space", get + HOST + "X Y: z\r\n\r\n", 400);
    raw("header name with a NUL", get + HOST + "X\0Y: z\r\n\r\n", 400);
    raw("header value with a NUL", get + HOST + "X-Y: a\0b\r\n\r\n", 400);
    raw("header value with a bell", get + HOST + "X-Y: a\u0007b\r\n\r\n", 400);
    raw("header value of 10,000", get + HOST + "X-Y: " + "v".repeat(10_000) + "\r\n\r\n", 431);
    raw("header name of 1,000", get + HOST + "n".repeat(1000) + ": v\r\n\r\n", 431);
    raw("200 headers", get + HOST + "X-Y: v\r\n".repeat(200) + "\r\n", 400, 431);
    raw("blank Idempotency-Key", idempotent(" "), 400);
    raw("Idempotency-Key of 256", idempotent("k".repeat(256)), 400);
  }

  private void requestLines() {
    raw("line feeds only", "GET /health HTTP/1.1\nHost: localhost\n\n", 400);
    raw("only a word", "GET\r\n\r\n", 400, 0);
    raw("no version", "GET /health\r\n\r\n", 400);
    raw("unknown version", "GET /health HTTP/9.9\r\n" + HOST + "\r\n", 400);
    raw("version of another kind", "GET /health HTML/1.1\r\n" + HOST + "\r\n", 400);
    raw("two spaces", "GET  /health HTTP/1.1\r\n" + HOST + "\r\n", 400);
    raw("tab instead of a space", "GET\t/health HTTP/1.1\r\n" + HOST + "\r\n", 400, 405);
    raw("method in lower case", "get /health HTTP/1.1\r\n" + HOST + "\r\n", 405);
    raw("method that is none", "BREW /health HTTP/1.1\r\n" + HOST + "\r\n", 405);
    raw("method with a bracket", "G[T /health HTTP/1.1\r\n" + HOST + "\r\n", 400, 405);
    raw("endless method", "G".repeat(5000) + " /health HTTP/1.1\r\n" + HOST + "\r\n", 400, 405);
    raw("an answer", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 400, 405);
  }

  private void otherProtocols() {
    raw(
        "TLS hello",
        "\u0016\u0003\u0001\u0000\u00c8\u0001\u0000\u0000\u00c4\u0003\u0003" + "\u00a5".repeat(190),
        400,
        405);
    raw("SSH", "SSH-2.0-OpenSSH_9.9\r\n", 400, 405);
    raw("mail", "EHLO example.org\r\n\r\n", 400, 405);
    raw("a cache", "*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\nb\r\n", 400, 405);
    raw("zeros", "\0".repeat(4096), 400, 405);
    raw("all ones", "\u00ff".repeat(4096), 400, 405);
    raw("a proxy's preface", "PROXY TCP4 1.2.3.4 5.6.7.8 9 10\r\n", 400, 405);
  }

  private void targets() {
    get("bad percent", Role.AGENT, "/health%zz", 400);
    get("percent at the end", Role.AGENT, "/health%", 400);
    get("half a percent", Role.AGENT, "/health%4", 400);
    get("percent in the query", Role.WEBUI, "/api/messages?session_id=%zz", 400);
    get("overlong UTF-8 in the path", Role.WEBUI, "/%c0%af", 400, 404);
    get("raw bytes in the path", Role.WEBUI, "/\u00ff\u00fe", 400, 404);
    get("a bar", Role.AGENT, "/api/agent/sessions/a|b", 400);
    get("a backslash", Role.AGENT, "/api\\agent", 400, 404);
    get("a bracket", Role.AGENT, "/api/agent/sessions/[a]", 400);
    get("a fragment", Role.AGENT, "/nothing#here", 400, 404);
    get("10,000 characters", Role.AGENT, "/" + "a".repeat(10_000), 414);
    get("100,000 characters", Role.WEBUI, "/" + "a".repeat(100_000), 414);
    get("long query", Role.WEBUI, "/api/messages?session_id=" + "a".repeat(10_000), 414);
    get("no slash", Role.AGENT, "health", 400, 404);
    get("star", Role.AGENT, "*", 400, 404);
    get("a port that is none", Role.AGENT, "http://localhost:x/health", 400);
  }

  private void paths() {
    for (String path :
        List.of(
            "/../../etc/passwd",
            "/%2e%2e/%2e%2e/etc/passwd",
            "/..%2f..%2fetc%2fpasswd",
            "/page/../../reference.conf",
            "/app/..%2f..%2freference.conf",
            "/app/%252e%252e/reference.conf",
            "/app/....//reference.conf",
            "/app/..%5c..%5creference.conf",
            "/app/main.js%00.html",
            "/app/",
            "/app",
            "/.git/config",
            "/reference.conf",
            "//etc/passwd",
            "/index.html/..;/",
            "/WEB-INF/web.xml",
            "/dev/agentrooms/webui/WebUiServer.class")) {
      get("file " + path, Role.WEBUI, path, 400, 404);
    }
    for (String id :
        List.of(
            "-a",
            "..",
            "%2e%2e",
            "a%20b",
            "a%2fb",
            "a%00",
            "%ff",
            "\u00e9",
            "a".repeat(129),
            "%f0%9f%98%80")) {
      get("session " + shown(id), Role.AGENT, "/api/agent/sessions/" + id, 400, 404);
      get("session by way " + shown(id), Role.WEBUI, "/api/agent/sessions/" + id, 400, 404);
    }
    get("run of a bad id", Role.AGENT, "/api/agent/sessions/a/runs/a%20b", 400);
    get("unknown session", Role.AGENT, "/api/agent/sessions/never-seen", 404);
    get("unknown run", Role.AGENT, "/api/agent/sessions/never-seen/runs/r-1", 404);
    get("nothing there", Role.AGENT, "/", 404);
    get("slash too many", Role.AGENT, "/api/agent/sessions/", 400, 404);
    get("path too long", Role.AGENT, "/api/agent/sessions/a/runs/b/c", 404);
    get("actuator", Role.WEBUI, "/actuator/env", 404);
    get("admin", Role.WEBUI, "/__admin/mappings", 404);
  }

  private void methods() {
    method("GET", Role.AGENT, "/api/agent/run", 405);
    method("PUT", Role.AGENT, "/api/agent/run", 405);
    method("PATCH", Role.AGENT, "/api/agent/cancel", 405);
    method("OPTIONS", Role.AGENT, "/api/agent/run", 405);
    method("TRACE", Role.AGENT, "/api/agent/run", 405);
    method("CONNECT", Role.AGENT, "example.org:443", 400, 404, 405);
    method("POST", Role.AGENT, "/health", 405);
    method("DELETE", Role.AGENT, "/api/agent/sessions", 405);
    method("POST", Role.AGENT, "/api/agent/sessions/a", 405);
    method("DELETE", Role.AGENT, "/api/agent/sessions/a/runs/b", 405);
    method("POST", Role.WEBUI, "/", 405);
    method("POST", Role.WEBUI, "/api/messages", 405);
    method("DELETE", Role.WEBUI, "/api/events", 405);
    method("GET", Role.WEBUI, "/api/agent/progress", 405);
    method("POST", Role.WEBUI, "/ws", 405);
    method("PUT", Role.WEBUI, "/api/agent/sessions/a", 405);
  }

  private void queries() {
    for (String wait :
        List.of("", "0", "301", "-1", "1.5", "abc", "1e2", "9".repeat(30), "1&wait=1")) {
      post(
          "wait=" + wait,
          Role.AGENT,
          "/api/agent/run?wait=" + wait,
          "{\"question\":\"q\"}",
          400,
          "wait");
    }
    for (String query :
        List.of("limit=0", "limit=201", "limit=x", "after=x", "after=~", "limit=1&limit=1")) {
      get(query, Role.AGENT, "/api/agent/sessions?" + query, 400);
    }
    for (String path : List.of("/api/messages", "/api/events")) {
      get(path + " of nothing", Role.WEBUI, path, 400);
      get(path + " of an empty id", Role.WEBUI, path + "?session_id=", 400);
      get(path + " of a bad id", Role.WEBUI, path + "?session_id=a%20b", 400);
      get(path + " after -1", Role.WEBUI, path + "?session_id=a&after=-1", 400);
      get(path + " after much", Role.WEBUI, path + "?session_id=a&after=" + "9".repeat(20), 400);
      get(path + " after x", Role.WEBUI, path + "?session_id=a&after=x", 400);
    }
    get("two afters", Role.WEBUI, "/api/messages?session_id=a&after=1&after=2", 400);
    get("limit=0", Role.WEBUI, "/api/messages?session_id=a&limit=0", 400);
    get("limit beyond an int", Role.WEBUI, "/api/messages?session_id=a&limit=3000000000", 400);
  }

  private void handshakes() {
    String key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    String version = "Sec-WebSocket-Version: 13\r\n";
    String upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\n";
    String ok = upgrade + version + key;
    ws("no upgrade", version + key, 426);
    ws("upgrade to something else", "Connection: Upgrade\r\nUpgrade: h2c\r\n" + version + key, 426);
    ws("no Connection", "Upgrade: websocket\r\n" + version + key, 426);
    ws("no version", upgrade + key, 426);
    ws("version 8", upgrade + key + "Sec-WebSocket-Version: 8\r\n", 426);
    ws("no key", upgrade + version, 400);
    ws("two keys", ok + key, 400);
    ws("short key", upgrade + version + "Sec-WebSocket-Key: c2hvcnQ=\r\n", 400);
    ws("key that is not Base64", upgrade + version + "Sec-WebSocket-Key: !\r\n", 400);
    ws("with a body", ok + "Content-Length: 2\r\n\r\n{}", 400);
    ws("of a stranger", ok + "Origin: https://evil.example\r\n", 403);
    ws("of nobody", ok + "Origin: null\r\n", 403);
    ws("of a malformed origin", ok + "Origin: localhost\r\n", 403);
    ws("of another port", ok + "Origin: http://localhost:1\r\n", 403);
    ws("of two origins", ok + "Origin: http://localhost\r\nOrigin: https://evil.example\r\n", 403);
    bad(
        "handshake by HTTP/1.0",
        Role.WEBUI,
        bytes("GET /ws HTTP/1.0\r\n" + HOST + ok + "\r\n"),
        "",
        426);
  }

  private void ws(String name, String headers, int status) {
    bad(
        "handshake " + name,
        Role.WEBUI,
        bytes("GET /ws HTTP/1.1\r\n" + HOST + headers + "\r\n"),
        "",
        status);
  }

  private void get(String name, Role server, String target, int... statuses) {
    bad(name, server, bytes("GET " + target + " HTTP/1.1\r\n" + HOST + "\r\n"), "", statuses);
  }

  private void method(String method, Role server, String target, int... statuses) {
    bad(
        method + " " + target,
        server,
        bytes(method + " " + target + " HTTP/1.1\r\n" + HOST + "Content-Length: 0\r\n\r\n"),
        "",
        statuses);
  }

  private void run(String name, String json, int status) {
    run(name, json, status, "");
  }

  private void run(String name, String json, int status, String field) {
    run(name, json.getBytes(UTF_8), status, field);
  }

  private void run(String name, byte[] body, int status, String field) {
    bad(name, Role.AGENT, body("/api/agent/run", JSON, body), field, status);
  }

  private void event(String name, String json, int status, String field) {
    post(name, Role.WEBUI, "/api/agent/progress", json, status, field);
  }

  private void post(
      String name, Role server, String target, String json, int status, String field) {
    bad(name, server, body(target, JSON, json.getBytes(UTF_8)), field, status);
  }

  private void raw(String name, String request, int... statuses) {
    bad(name, Role.AGENT, bytes(request), "", statuses);
  }

  private void bad(String name, Role server, byte[] bytes, String field, int... statuses) {
    all.add(new Bad(name, server, bytes, Arrays.stream(statuses).boxed().toList(), field));
  }

  private static byte[] body(String target, String contentType, byte[] body) {
    String head =
        "POST " + target + " HTTP/1.1\r\n" + HOST + contentType + "Content-Length: " + body.length;
    return join(bytes(head + "\r\n\r\n"), body);
  }

  private static byte[] chunked(String target, byte[] body) {
    String head = "POST " + target + " HTTP/1.1\r\n" + HOST + JSON;
    int half = body.length / 2;
    return join(
        bytes(head + "Transfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(half) + "\r\n"),
        Arrays.copyOf(body, half),
        bytes("\r\n" + Integer.toHexString(body.length - half) + "\r\n"),
        Arrays.copyOfRange(body, half, body.length),
        bytes("\r\n0\r\n\r\n"));
  }

  private static String idempotent(String key) {
    String json = "{\"question\":\"q\"}";
    return RUN + JSON + "Idempotency-Key: " + key + "\r\nContent-Length: 16\r\n\r\n" + json;
  }

  private static String with(String name, String value) {
    return "{\"question\":\"q\",\"" + name + "\":" + value + "}";
  }

  /// An event that is right but for one member.
  private static String event(String name, String value) {
    StringBuilder json = new StringBuilder("{");
    for (String[] member :
        new String[][] {
          {"event_id", "\"e-1\""},
          {"session_id", "\"hostile\""},
          {"ts", "\"2026-11-22T10:00:00Z\""},
          {"step", "\"start\""}
        }) {
      if (!member[0].equals(name)) {
        json.append('"').append(member[0]).append("\":").append(member[1]).append(',');
      }
    }
    return json.append('"').append(name).append("\":").append(value).append('}').toString();
  }

  private static byte[] quoted(byte[] bytes) {
    return join(bytes("{\"question\":\"a"), bytes, bytes("b\"}"));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      whole.writeBytes(part);
    }
    return whole.toByteArray();
  }

  private static String shown(String text) {
    return text.length() > 40 ? text.length() + " characters" : text;
  }
}
