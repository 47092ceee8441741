package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A forbidden request gets a problem and closes its connection, and nothing behind it is read. At
/// both servers, in clear and over TLS.
@Tag("wire")
class ForbiddenHttpTest {

  private static final String HOST = "Host: localhost\r\n";
  private static final String RUN = "{\"session_id\":\"behind\",\"question\":\"q\"}";

  private static Stack clear;
  private static Stack secure;

  @BeforeAll
  static void start(@TempDir Path folder) {
    clear = Stack.start("http.max-connections-per-address", 1000);
    TestCertificate pem = TestCertificate.in(folder);
    secure =
        Stack.start(
            "http.max-connections-per-address",
            1000,
            "http.tls.cert",
            pem.certificate().toString(),
            "http.tls.key",
            pem.key().toString());
  }

  @AfterAll
  static void stop() {
    clear.close();
    secure.close();
  }

  /// A server, and what a request behind another would leave there.
  private record Door(String name, String url, String target, String behind) {}

  private static List<Door> doors(Stack stack, String scheme) {
    String run = post("/api/agent/run", RUN);
    String event = post("/api/agent/progress", event("behind"));
    return List.of(
        new Door("agent, " + scheme, url(stack.agent(), scheme), "/api/agent/run", run),
        new Door("web UI, " + scheme, url(stack.webUi(), scheme), "/api/agent/progress", event));
  }

  private static String url(String url, String scheme) {
    return url.replace("http://", scheme + "://");
  }

  @Test
  void whatTheRfcForbidsIsRefusedAndNothingBehindItIsRead() {
    List<ForbiddenHttp.Form> forms = ForbiddenHttp.all();
    List<Runnable> tries = new ArrayList<>();
    for (Door door : doors(clear, "http")) {
      forms.forEach(form -> tries.add(() -> refused(door, form)));
    }
    for (Door door : doors(secure, "https")) {
      forms.stream().filter(form -> !form.isByte()).forEach(f -> tries.add(() -> refused(door, f)));
    }
    try (CapturedLogs logs = new CapturedLogs()) {
      Crowd.all(
          tries.size(),
          16,
          i -> {
            tries.get(i).run();
            return i;
          });
      assertThat(logs.warnings()).isEmpty();
    }
    System.out.printf("%d forbidden forms, %d connections%n", forms.size(), tries.size());
    assertThat(clear.get(clear.agent() + "/api/agent/sessions/behind").status()).isEqualTo(404);
    assertThat(clear.messages("behind")).isEmpty();
    for (Door door : doors(secure, "https")) {
      String path =
          door.target().endsWith("run")
              ? "/api/agent/sessions/behind"
              : "/api/messages?session_id=behind";
      RawHttp.Answer answer = RawHttp.send(door.url(), get(path).getBytes());
      assertThat(answer.text()).doesNotContain("event_id").contains("behind");
    }
  }

  /// At the web UI, behind a request that is still being answered, and that would let others pass.
  private static void refused(Door door, ForbiddenHttp.Form form) {
    boolean isBehindAnother = door.target().endsWith("progress");
    String before = isBehindAnother ? post(door.target(), event("before")) : "";
    try (RawHttp connection = new RawHttp(door.url())) {
      connection.write(
          before
              + form.request().replace("{target}", door.target())
              + door.behind()
              + get("/health"));
      List<RawHttp.Answer> answers = connection.readAll();
      String what = door.name() + ": " + form.name();
      assertThat(answers).as(what).hasSize(isBehindAnother ? 2 : 1);
      if (isBehindAnother) {
        assertThat(answers.getFirst().status()).as(what).isEqualTo(200);
      }
      RawHttp.Answer answer = answers.getLast();
      assertThat(form.statuses()).as("%s → %s", what, answer.text()).contains(answer.status());
      assertThat(answer.header("content-type")).as(what).isEqualTo("application/problem+json");
      assertThat(answer.header("connection")).as(what).isEqualTo("close");
      assertThat(answer.json().path("status").asInt()).as(what).isEqualTo(answer.status());
      assertThat(answer.json().path("detail").asText()).as(what).isNotBlank();
    }
  }

  /// Allowed but unusual requests.
  @Test
  void whatTheRfcAllowsIsServedAndSoIsWhatComesBehind() {
    String get = "GET /health/live HTTP/1.1\r\n";
    String run = "POST {target} HTTP/1.1\r\n" + HOST + "Content-Type: application/json\r\n";
    String chunked = run + "Transfer-Encoding: chunked\r\n\r\n";
    List<String> served = new ArrayList<>();
    for (String before : List.of("\r\n", "\r\n\r\n", "\r\n".repeat(50))) {
      served.add(before + get + HOST + "\r\n");
    }
    for (String lines :
        List.of(
            "host: localhost\r\n",
            "HOST: localhost\r\n",
            "hOsT:localhost\r\n",
            "Host:    localhost   \r\n",
            "Host:\tlocalhost\t\r\n",
            "Host: localhost:1\r\n",
            "Host: localhost:\r\n",
            "Host: LOCALHOST\r\n",
            "Host: [::1]\r\n",
            "Host: 127.0.0.1:80\r\n",
            HOST + "X-Y:\r\n",
            HOST + "X-Y: \u00e9\u00ff\r\n",
            HOST + "X-Y: a\tb\r\n",
            HOST + "X-Y: a: b\r\n",
            HOST + "!#$%&'*+-.^_`|~1: a\r\n",
            HOST + "Accept: a/b\r\nAccept: */*\r\n",
            HOST + "Connection: keep-alive\r\n",
            HOST + "Connection: TE\r\nTE: trailers\r\n",
            HOST + "Connection: a\r\nConnection: b\r\n",
            HOST + "X-Y: z\r\n".repeat(90),
            HOST + "X-Y: " + "v".repeat(8000) + "\r\n",
            HOST + "Content-Length: 0\r\n",
            HOST + "content-length: 000\r\n",
            HOST + "Expect: 100-Continue\r\n",
            HOST + "Upgrade: h2c, x\r\nConnection: upgrade\r\n")) {
      served.add(get + lines + "\r\n");
    }
    served.add("GET /health/live HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    served.add(
        "GET /health/live HTTP/1.0\r\nConnection: Keep-Alive\r\nExpect: 100-continue\r\n\r\n");
    for (String target :
        List.of(
            "http://localhost", "http://LocalHost:80", "HTTP://localhost", "https://127.0.0.1")) {
      served.add("GET " + target + "/health/live HTTP/1.1\r\n" + HOST + "\r\n");
    }
    served.add("GET http://localhost/health/live HTTP/1.1\r\nHost: evil.example\r\n\r\n");
    served.add("GET /health/live? HTTP/1.1\r\n" + HOST + "\r\n");
    served.add("GET /health/live?a=/?:@-._~!$&'()*+,;=%20 HTTP/1.1\r\n" + HOST + "\r\n");
    served.add("GET /health/%6cive HTTP/1.1\r\n" + HOST + "\r\n");
    for (String extension :
        List.of(
            "",
            ";a",
            ";a=b",
            ";a=\"b\"",
            ";a=\"\"",
            "; a",
            ";a = b",
            ";a;b;c=d;e=\"f;\\\"g\"",
            ";a=\" \t!\"")) {
      served.add(chunked + "{size}" + extension + "\r\n{json}\r\n0" + extension + "\r\n\r\n");
    }
    served.add(chunked + "{size}\r\n{json}\r\n0\r\nX-Trailer: a\r\nx-other:\r\n\r\n");
    served.add(chunked + "{size}\r\n{json}\r\n0000\r\n\r\n");
    served.add(chunked + "000{size}\r\n{json}\r\n0\r\n\r\n");
    served.add(chunked.replace("chunked", "CHUNKED") + "{SIZE}\r\n{json}\r\n0\r\n\r\n");
    List<Door> doors = new ArrayList<>(doors(clear, "http"));
    doors.addAll(doors(secure, "https"));
    Crowd.all(
        served.size() * doors.size(),
        8,
        i -> {
          Door door = doors.get(i % doors.size());
          String form = served.get(i / doors.size());
          String json =
              door.target().endsWith("run") ? "{\"question\":\"q\"}" : event("allowed-" + i);
          String size = Integer.toHexString(json.length());
          String request =
              form.replace("{target}", door.target())
                  .replace("{json}", json)
                  .replace("{size}", size)
                  .replace("{SIZE}", size.toUpperCase(java.util.Locale.ROOT));
          try (RawHttp connection = new RawHttp(door.url())) {
            connection.write(request + get("/health"));
            assertThat(connection.read().status())
                .as(door.name() + ": " + form)
                .isBetween(200, 202);
            assertThat(connection.read().status()).as("behind " + form).isEqualTo(200);
          }
          return i;
        });
    System.out.printf("%d forms that are allowed, at %d doors%n", served.size(), doors.size());
  }

  /// RFC 9112, 9.6: after a request with `Connection: close` no other is answered.
  @Test
  void nothingBehindTheLastRequestIsRead() {
    for (Stack stack : List.of(clear, secure)) {
      for (Door door : doors(stack, stack == clear ? "http" : "https")) {
        String last =
            post(door.target(), event("last")).replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
        try (RawHttp connection = new RawHttp(door.url())) {
          connection.write(last + door.behind() + get("/health"));
          assertThat(connection.readAll()).as(door.name()).hasSize(1);
        }
      }
    }
    assertThat(clear.messages("behind")).isEmpty();
  }

  private static String get(String path) {
    return "GET " + path + " HTTP/1.1\r\n" + HOST + "\r\n";
  }

  private static String post(String path, String json) {
    return "POST "
        + path
        + " HTTP/1.1\r\n"
        + HOST
        + "Content-Type: application/json\r\nContent-Length: "
        + json.length()
        + "\r\n\r\n"
        + json;
  }

  private static String event(String session) {
    return "{\"event_id\":\"e\",\"session_id\":\"%s\",\"ts\":\"2026-11-22T10:00:00Z\",\"step\":\"s\"}"
        .formatted(session);
  }
}
