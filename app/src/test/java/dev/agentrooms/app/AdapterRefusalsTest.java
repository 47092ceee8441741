package dev.agentrooms.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Requests that no protocol can read are refused alike by all, each in its own form.
@Tag("wire")
class AdapterRefusalsTest {

  /// What is sent, in the order of the table's columns.
  private enum Sent {
    TOO_LARGE,
    BROKEN_JSON,
    NO_OBJECT,
    NO_JSON,
    OTHER_METHOD,
    OTHER_PATH
  }

  /// @param says where an error's text is in the answer
  /// @param statuses in the order of [Sent]
  private record Door(String path, String says, String statuses) {
    int status(Sent sent) {
      return Integer.parseInt(statuses.split(" ")[sent.ordinal()]);
    }
  }

  private static final String ALIKE = "413 400 400 415 405 404";

  private static List<Door> doors() {
    return List.of(
        new Door("/v1/responses", "/error/message", ALIKE),
        new Door("/langgraph/threads/search", "/message", ALIKE),
        new Door("/langgraph/threads/t/runs/wait", "/message", ALIKE),
        new Door("/langgraph/threads/t/commands", "/message", ALIKE),
        new Door("/langgraph/threads/t/stream/events", "/message", ALIKE),
        new Door("/ag-ui", "/message", ALIKE),
        new Door("/ag-ui/attach", "/message", ALIKE),
        new Door("/ai/chat", "/message", ALIKE),
        // The protocol's own status for another content type.
        new Door("/a2a/message:send", "/error/message", "413 400 400 400 405 404"),
        // JSON-RPC says what is wrong with a call in 200.
        new Door("/a2a", "/error/message", "200 200 200 200 405 404"),
        new Door("/mcp", "/error/message", ALIKE));
  }

  private static int rpcCode(Sent sent) {
    return switch (sent) {
      case BROKEN_JSON, NO_OBJECT -> -32700;
      case NO_JSON -> -32005;
      case TOO_LARGE, OTHER_METHOD, OTHER_PATH -> -32600;
    };
  }

  @AutoClose private static Stack stack;

  @BeforeAll
  static void start() {
    stack = Stack.start();
  }

  @ParameterizedTest
  @MethodSource("doors")
  void whatCannotBeReadIsRefused(Door door) {
    for (Sent sent : Sent.values()) {
      RawHttp.Answer answer = send(door, sent);
      String what = door.path() + " " + sent + ": " + answer.text();
      assertThat(answer.status()).as(what).isEqualTo(door.status(sent));
      assertThat(answer.header("content-type")).as(what).startsWith("application/json");
      assertThat(answer.json().at(door.says()).asText()).as(what).isNotEmpty();
      if (answer.status() == 200) {
        assertThat(answer.json().at("/error/code").asInt()).as(what).isEqualTo(rpcCode(sent));
      }
    }
  }

  private static RawHttp.Answer send(Door door, Sent sent) {
    String method = sent == Sent.OTHER_METHOD ? "PUT" : "POST";
    String path = sent == Sent.OTHER_PATH ? door.path() + "/no/such/path" : door.path();
    String type = sent == Sent.NO_JSON ? "text/plain" : "application/json";
    String body =
        switch (sent) {
          case TOO_LARGE -> "";
          case BROKEN_JSON -> "{\"a\":";
          case NO_OBJECT -> "[1]";
          case NO_JSON, OTHER_METHOD, OTHER_PATH -> "{}";
        };
    // A length that is announced is enough to be refused.
    int length = sent == Sent.TOO_LARGE ? 100_000_000 : body.length();
    String head =
        method
            + " "
            + path
            + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
            + type
            + "\r\nContent-Length: "
            + length
            + "\r\n\r\n";
    try (RawHttp connection = new RawHttp(stack.webUi())) {
      connection.write((head + body).getBytes(ISO_8859_1));
      return connection.readOne();
    }
  }
}
