package dev.agentrooms.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import dev.agentrooms.http.BadSetting;
import dev.agentrooms.http.Settings;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The host names that the servers accept, at every endpoint.
@Tag("wire")
class HostTest {

  private static final String SOCKET =
      "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
          + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
  private static final String EVENT =
      "{\"event_id\":\"e\",\"session_id\":\"rebound\",\"ts\":\"2026-11-22T10:00:00Z\","
          + "\"step\":\"s\"}";
  private static final String RUN = "{\"session_id\":\"rebound\",\"question\":\"Why?\"}";

  private static Stack stack;

  /// @param status of the answer under a good name
  private record Door(
      Role server, String method, String path, String headers, String body, int status) {

    RawHttp.Answer knock(String host) {
      String url = server == Role.AGENT ? stack.agent() : stack.webUi();
      String length =
          body.isEmpty()
              ? ""
              : "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n";
      String head = method + " " + path + " HTTP/1.1\r\nHost: " + host + "\r\n" + headers + length;
      return RawHttp.send(url, (head + "\r\n" + body).getBytes(UTF_8));
    }

    @Override
    public String toString() {
      return server.word() + " " + method + " " + path;
    }
  }

  @BeforeAll
  static void start() {
    stack = Stack.start();
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  static List<Door> doors() {
    List<Door> doors = new ArrayList<>();
    String cancel = "{\"session_id\":\"nobody\"}";
    for (Role server : List.of(Role.AGENT, Role.WEBUI)) {
      doors.add(get(server, "/openapi.json", 200));
      doors.add(get(server, "/asyncapi.json", 200));
      doors.add(get(server, "/nothing/here", 404));
      doors.add(get(server, "/api/agent/sessions", 200));
      doors.add(get(server, "/api/agent/sessions/nobody", 404));
      doors.add(get(server, "/api/agent/sessions/nobody/runs/r-1", 404));
      doors.add(new Door(server, "DELETE", "/api/agent/sessions/nobody", "", "", 404));
      doors.add(new Door(server, "POST", "/api/agent/run", "", RUN, 202));
      doors.add(new Door(server, "POST", "/api/agent/cancel", "", cancel, 404));
      doors.add(new Door(server, "PUT", "/api/agent/run", "", RUN, 405));
    }
    doors.add(get(Role.WEBUI, "/", 200));
    doors.add(get(Role.WEBUI, "/page/page.css", 200));
    doors.add(get(Role.WEBUI, "/api/messages?session_id=nobody", 200));
    doors.add(new Door(Role.WEBUI, "GET", "/ws", SOCKET, "", 101));
    doors.add(get(Role.WEBUI, "/ws", 426));
    // In the plain form that is taken in ahead of the routes, and in another.
    doors.add(new Door(Role.WEBUI, "POST", "/api/agent/progress", "", EVENT, 200));
    doors.add(new Door(Role.WEBUI, "POST", "/api/agent/progress", "X-Odd: 1\r\n", EVENT, 200));
    return doors;
  }

  private static Door get(Role server, String path, int status) {
    return new Door(server, "GET", path, "", "", status);
  }

  @ParameterizedTest
  @MethodSource("doors")
  void noEndpointAnswersUnderAnotherName(Door door) {
    for (String host :
        List.of(
            "evil.example",
            "evil.example:8150",
            "localhost.evil.example",
            "127.0.0.1.nip.io",
            "0.0.0.0",
            "192.0.2.1:80",
            "[2001:db8::1]")) {
      assertRefused(door.knock(host), 421, door + " as " + host);
    }
    for (String none :
        List.of("", "user@localhost", "localhost:99999", "localhost:x", "a..b", "[::1", "a/b")) {
      assertRefused(door.knock(none), 400, door + " as " + none);
    }
    assertThat(stack.messages("rebound")).as("nothing was taken in").isEmpty();
    assertThat(stack.get(stack.agent() + "/api/agent/sessions/rebound").status()).isEqualTo(404);
  }

  private static void assertRefused(RawHttp.Answer answer, int status, String what) {
    assertThat(answer.status()).as("%s: %s", what, answer.text()).isEqualTo(status);
    assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
    assertThat(answer.json().path("status").asInt()).isEqualTo(status);
    assertThat(answer.json().path("detail").asText()).isNotBlank();
    assertThat(answer.text()).doesNotContain("evil");
  }

  @Test
  void everyEndpointAnswersUnderTheNamesOfThisMachine() {
    try (Stack own = Stack.start()) {
      Stack other = stack;
      stack = own;
      for (String host : List.of("localhost", "127.0.0.1:1", "[::1]:8150", "127.9.9.9")) {
        for (Door door : doors()) {
          // What the first name has begun is in the way of the next.
          String fresh = door.body().replace("rebound", "s" + host.replaceAll("[^0-9a-z]", ""));
          Door asked =
              new Door(
                  door.server(), door.method(), door.path(), door.headers(), fresh, door.status());
          int status = asked.knock(host).status();
          assertThat(status)
              .as("%s as %s", door, host)
              .isIn(door.status(), door.path().endsWith("/run") ? 409 : door.status());
        }
      }
      stack = other;
    }
  }

  @Test
  void eventStreamsAreEndpointsToo() {
    String path = "/api/events?session_id=nobody";
    assertRefused(get(Role.WEBUI, path, 200).knock("evil.example"), 421, path);
    try (RawHttp stream = new RawHttp(stack.webUi())) {
      stream.write("GET " + path + " HTTP/1.0\r\nHost: evil.example\r\n\r\n");
      assertRefused(stream.read(), 421, path);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/health", "/health/live", "/health/ready", "/metrics"})
  void healthAndMetricsAreServedUnderAnyName(String path) {
    for (Role server : List.of(Role.AGENT, Role.WEBUI)) {
      for (String host : List.of("evil.example", "10.0.0.7:8150", "localhost")) {
        assertThat(get(server, path, 200).knock(host).status()).isEqualTo(200);
      }
    }
  }

  @Test
  void namesAndThePublicUrlAreSettings() {
    try (Stack named =
        Stack.start(
            "http.allowed-hosts", "a.example, b.example",
            "webui.public-url", "https://rooms.example")) {
      Stack other = stack;
      stack = named;
      for (Role server : List.of(Role.AGENT, Role.WEBUI)) {
        Door door = get(server, "/openapi.json", 200);
        for (String host : List.of("a.example:80", "B.example", "rooms.example", "127.0.0.1")) {
          assertThat(door.knock(host).status()).as(host).isEqualTo(200);
        }
        assertThat(door.knock("c.example").status()).isEqualTo(421);
      }
      // A proxy may say its own name of us, and the browser the public one.
      Door socket =
          new Door(Role.WEBUI, "GET", "/ws", SOCKET + "Origin: https://rooms.example\r\n", "", 101);
      assertThat(socket.knock("127.0.0.1:8150").status()).isEqualTo(101);
      assertThat(socket.knock("rooms.example").status()).isEqualTo(101);
      for (String origin : List.of("http://rooms.example", "https://rooms.example:8443")) {
        Door strange =
            new Door(Role.WEBUI, "GET", "/ws", SOCKET + "Origin: " + origin + "\r\n", "", 403);
        assertThat(strange.knock("127.0.0.1:8150").status()).as(origin).isEqualTo(403);
      }
      stack = other;
    }
  }

  @Test
  void whatIsNoHostOrNoUrlKeepsTheServersFromStarting() {
    for (Map.Entry<String, String> wrong :
        List.of(
            Map.entry("http.allowed-hosts", "http://a"),
            Map.entry("webui.public-url", "rooms.example"),
            Map.entry("webui.public-url", "https://rooms.example/path"))) {
      var config =
          ConfigFactory.parseMap(Map.of(wrong.getKey(), wrong.getValue()))
              .withFallback(ConfigFactory.parseMap(Stack.ports()))
              .withFallback(Settings.load());
      assertThatThrownBy(() -> AgentRooms.start(config, EnumSet.of(Role.WEBUI)).close())
          .isInstanceOf(BadSetting.class)
          .hasMessageContaining(wrong.getKey());
    }
  }
}
