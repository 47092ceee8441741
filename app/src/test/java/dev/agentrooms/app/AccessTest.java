package dev.agentrooms.app;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.agentrooms.http.BadSetting;
import dev.agentrooms.http.Settings;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Access control, and limits of connections.
@Tag("wire")
class AccessTest {

  private static final Set<Role> WEBUI = EnumSet.of(Role.WEBUI);

  private static final String HANDSHAKE =
      "GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
          + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
  private static final String EVENT =
      "{\"event_id\":\"e\",\"session_id\":\"s\",\"ts\":\"2026-11-22T10:00:00Z\",\"step\":\"s\"}";

  @Test
  void webUiBeyondLoopbackNeedsAnInternalToken() {
    for (String host : List.of("0.0.0.0", "::", "192.0.2.1")) {
      Config config =
          ConfigFactory.parseMap(Map.of("webui.http.host", host, "webui.http.port", 0))
              .withFallback(Settings.load());

      assertThatThrownBy(() -> AgentRooms.start(config, WEBUI).close())
          .isInstanceOf(BadSetting.class)
          .hasMessageContaining("internal-token");
    }
  }

  @Test
  void progressIsTakenOnlyWithTheInternalToken() {
    try (Stack stack = Stack.start(WEBUI, Map.of("internal-token", "open-sesame"))) {
      String url = stack.webUi() + "/api/agent/progress";

      assertThat(stack.post(url, EVENT).status()).isEqualTo(401);
      for (String wrong : List.of("", "open-sesam", "open-sesame!", "OPEN-SESAME", "\u00f6")) {
        assertThat(stack.post(url, EVENT, "X-Internal-Token", wrong).status()).isEqualTo(403);
      }
      // Two tokens count as none, even if one is right.
      String twice =
          "POST /api/agent/progress HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
              + "X-Internal-Token: open-sesame\r\nX-Internal-Token: open\r\nContent-Length: "
              + EVENT.length()
              + "\r\n\r\n"
              + EVENT;
      assertThat(RawHttp.send(stack.webUi(), twice.getBytes(UTF_8)).status()).isEqualTo(403);
      assertThat(stack.messages("s")).isEmpty();
      assertThat(stack.post(url, EVENT, "X-Internal-Token", "open-sesame").status()).isEqualTo(200);
    }
  }

  @Test
  void internalTokenIsComparedInConstantTime() {
    assertThat(
            new ClassFileImporter()
                .importPackages("dev.agentrooms.webui")
                .get("dev.agentrooms.webui.InternalToken")
                .getMethodCallsFromSelf())
        .anyMatch(
            call ->
                call.getTargetOwner().isEquivalentTo(MessageDigest.class)
                    && call.getName().equals("isEqual"));
  }

  @Test
  void connectionsOfOneAddressAreLimited() {
    try (Stack stack = Stack.start(WEBUI, Map.of("http.max-connections-per-address", 10))) {
      assertThatTheNextConnectionIsRefusedBeyond(10, stack);
    }
  }

  @Test
  void connectionsOfAllAreLimited() {
    try (Stack stack = Stack.start(WEBUI, Map.of("http.max-connections", 10))) {
      assertThatTheNextConnectionIsRefusedBeyond(10, stack);
    }
  }

  private static void assertThatTheNextConnectionIsRefusedBeyond(int limit, Stack stack) {
    List<RawHttp> admitted = new ArrayList<>();
    for (int i = 0; i < limit; i++) {
      // Sockets and plain connections count alike.
      RawHttp connection = new RawHttp(stack.webUi());
      connection.write(i % 2 == 0 ? HANDSHAKE : "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n");
      assertThat(connection.readOne().status()).isEqualTo(i % 2 == 0 ? 101 : 200);
      admitted.add(connection);
    }
    for (int i = 0; i < 3; i++) {
      try (RawHttp refused = new RawHttp(stack.webUi())) {
        RawHttp.Answer answer = refused.read();
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
        assertThat(answer.header("retry-after")).isNotBlank();
        // It does not stay, whatever its other side does.
        assertThat(refused.isCut()).isTrue();
      }
    }
    admitted.getFirst().close();
    Stack.await(() -> statusOf("GET /health", stack), status -> status == 200);
    admitted.forEach(RawHttp::close);
  }

  @Test
  void handshakesOfOneAddressAreLimited() {
    Map<String, Object> settings =
        Map.of("webui.socket.handshakes-per-second", 1, "webui.socket.handshake-burst", 5);
    try (Stack stack = Stack.start(WEBUI, settings)) {
      List<RawHttp.Answer> answers =
          IntStream.range(0, 50)
              .mapToObj(i -> RawHttp.send(stack.webUi(), HANDSHAKE.getBytes(US_ASCII)))
              .toList();

      List<Integer> statuses = answers.stream().map(RawHttp.Answer::status).toList();
      assertThat(statuses.subList(0, 5)).containsOnly(101);
      assertThat(statuses).containsOnly(101, 503);
      RawHttp.Answer refused =
          answers.stream().filter(answer -> answer.status() == 503).findFirst().orElseThrow();
      assertThat(refused.header("content-type")).isEqualTo("application/problem+json");
      assertThat(refused.header("retry-after")).isNotBlank();
      // Only handshakes are meant, and only for a while.
      assertThat(statusOf("GET /health", stack)).isEqualTo(200);
      Stack.await(
          () -> RawHttp.send(stack.webUi(), HANDSHAKE.getBytes(US_ASCII)).status(),
          status -> status == 101);
    }
  }

  @Test
  void behindATrustedProxyLimitsCountForTheAddressThatItNames() {
    Map<String, Object> settings =
        Map.of(
            "access.trusted-proxies", "127.0.0.1",
            "agent.runs.max-queued-per-user", 1,
            "webui.socket.handshakes-per-second", 1,
            "webui.socket.handshake-burst", 2);
    try (Stack stack = Stack.start(EnumSet.allOf(Role.class), settings)) {
      for (String address : List.of("192.0.2.1", "192.0.2.2")) {
        String from = "X-Forwarded-For: " + address + "\r\n\r\n";
        String handshake = HANDSHAKE.strip() + "\r\n" + from;
        List<Integer> statuses = new ArrayList<>();
        do {
          try (RawHttp socket = new RawHttp(stack.webUi())) {
            socket.write(handshake);
            statuses.add(socket.readOne().status());
          }
        } while (statuses.getLast() == 101 && statuses.size() < 100);
        assertThat(statuses.getFirst()).as("%s", address).isEqualTo(101);
        assertThat(statuses.getLast()).isEqualTo(503);
      }
      // One more waits than may of one address, and only when that is not this machine's.
      assertThat(queued(stack, "local", "unknown")).containsExactly(202, 202, 202);
      assertThat(queued(stack, "one", "192.0.2.1")).containsExactly(202, 202, 429);
      assertThat(queued(stack, "two", "192.0.2.2")).containsExactly(202, 202, 429);
      for (String session : List.of("local", "one", "two")) {
        stack.delete(stack.agent() + "/api/agent/sessions/" + session);
      }
    }
  }

  private static List<Integer> queued(Stack stack, String session, String address) {
    String run = "{\"session_id\":\"%s\",\"question\":\"Why? [rag:slow]\",\"on_busy\":\"enqueue\"}";
    return Stream.of(stack.webUi(), stack.agent(), stack.webUi())
        .map(
            server ->
                stack
                    .post(
                        server + "/api/agent/run",
                        run.formatted(session),
                        "X-Forwarded-For",
                        address)
                    .status())
        .toList();
  }

  @Test
  void hundredsOfSocketsOfOneAddressComeBackAtOnce() {
    int sockets = Stress.times(400);
    try (Stack stack = Stack.start(WEBUI, Map.of())) {
      for (int round = 0; round < 3; round++) {
        long startedAt = System.nanoTime();
        List<RawHttp> open =
            Crowd.all(
                sockets,
                100,
                i -> {
                  RawHttp socket = new RawHttp(stack.webUi());
                  socket.write(HANDSHAKE);
                  assertThat(socket.readOne().status()).isEqualTo(101);
                  return socket;
                });
        System.out.printf(
            "%d sockets came back within %d ms%n",
            sockets, (System.nanoTime() - startedAt) / 1_000_000);
        open.forEach(RawHttp::close);
      }
    }
  }

  @Test
  void commandsOfOneSocketAreLimitedAndItStaysOpen() {
    Map<String, Object> settings =
        Map.of("webui.socket.commands-per-second", 1, "webui.socket.command-burst", 10);
    try (Stack stack = Stack.start(WEBUI, settings);
        Watcher flood = new Watcher(stack.webUi());
        Watcher other = new Watcher(stack.webUi())) {
      for (int i = 0; i < 100; i++) {
        flood.send("{\"cmd\":\"subscribe\",\"session_id\":\"s" + i + "\"}");
      }
      List<JsonNode> told = flood.await(messages -> messages.size() >= 100);

      assertThat(told.subList(0, 10))
          .allMatch(message -> message.path("type").asText().equals("subscribed"));
      assertThat(told.stream().map(message -> message.path("code").asText()))
          .filteredOn(code -> !code.isEmpty())
          .hasSizeGreaterThan(50)
          .containsOnly("rate_limited");
      assertThat(flood.closed()).isNotDone();
      // What was refused was not carried out, and others are not held up.
      other.send("{\"cmd\":\"ping\"}");
      other.await(messages -> !messages.isEmpty());
      assertThat(
              Stack.await(
                  () -> {
                    flood.send("{\"cmd\":\"ping\"}");
                    return flood.received().getLast().path("type").asText();
                  },
                  type -> type.equals("pong")))
          .isEqualTo("pong");
    }
  }

  @Test
  void oneSocketSitsInAsManyRoomsAsItMay() {
    try (Stack stack = Stack.start(WEBUI, Map.of());
        Watcher watcher = new Watcher(stack.webUi())) {
      for (int i = 1; i <= 129; i++) {
        watcher.send("{\"cmd\":\"subscribe\",\"session_id\":\"room-" + i + "\"}");
      }
      List<JsonNode> told = watcher.await(messages -> messages.size() == 129);

      assertThat(told.subList(0, 128))
          .allMatch(message -> message.path("type").asText().equals("subscribed"));
      assertThat(told.getLast().path("code").asText()).isEqualTo("too_many_rooms");
      // One less, and there is room again.
      watcher.send("{\"cmd\":\"unsubscribe\",\"session_id\":\"room-7\"}");
      watcher.send("{\"cmd\":\"subscribe\",\"session_id\":\"room-129\"}");
      assertThat(watcher.await(messages -> messages.size() == 131).getLast().path("type").asText())
          .isEqualTo("subscribed");
    }
  }

  private static int statusOf(String request, Stack stack) {
    return RawHttp.send(
            stack.webUi(), (request + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(US_ASCII))
        .status();
  }
}
