package dev.agentrooms.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.app.EveryDoorTest.Door;
import dev.agentrooms.protocol.ApiDocument;
import dev.agentrooms.protocol.Json;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The paths of other protocols that the document lists are those that are there.
@Tag("wire")
class ProtocolPathsTest {

  /// What is routed only to be refused, because the protocols have it and we have not.
  private static final Map<String, String> REFUSED =
      Map.of(
          "/v1/responses/{response_id}", "DELETE",
          "/v1/conversations/{conversation_id}", "DELETE");

  private static final Map<String, Set<String>> PATHS = paths();
  @AutoClose private static Stack stack;

  @BeforeAll
  static void start() {
    stack = Stack.start();
  }

  private static Map<String, Set<String>> paths() {
    Map<String, Set<String>> paths = new TreeMap<>();
    JsonNode all = Json.parse(ApiDocument.OPENAPI.read()).path("paths");
    for (Map.Entry<String, JsonNode> path : all.properties()) {
      for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
        if (operation.getValue().has("x-protocol")) {
          paths
              .computeIfAbsent(path.getKey(), _ -> new TreeSet<>())
              .add(operation.getKey().toUpperCase(Locale.ROOT));
        }
      }
    }
    return paths;
  }

  private static RawHttp.Answer ask(String method, String path) {
    String body = method.equals("GET") ? "" : "{}";
    String head =
        method
            + " "
            + path.replace("{assistant_id}", "agent")
                .replace("{model}", "agent-rooms")
                .replaceAll("\\{[^}]*}", "nobody")
            + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            + "Content-Type: application/json\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n";
    try (RawHttp connection = new RawHttp(stack.webUi())) {
      connection.write((head + body).getBytes(ISO_8859_1));
      return connection.readWhyNot();
    }
  }

  @Test
  void eachOfThemIsThere() {
    assertThat(PATHS).hasSizeGreaterThan(35);
    PATHS.forEach(
        (path, methods) ->
            methods.forEach(
                method -> {
                  RawHttp.Answer answer = ask(method, path);
                  String what = method + " " + path + ": " + answer.status() + " " + answer.text();
                  assertThat(answer.status()).as(what).isNotEqualTo(405);
                  assertThat(answer.text()).as(what).doesNotContain("nothing at this path");
                }));
  }

  @Test
  void eachOfThemHasTheseMethodsAndNoOther() {
    for (String path : PATHS.keySet()) {
      RawHttp.Answer answer = ask("PUT", path);
      assertThat(answer.status()).as(path).isEqualTo(405);
      Set<String> allowed = new TreeSet<>(List.of(answer.header("allow").split(", *")));
      allowed.removeAll(Set.of("HEAD", "OPTIONS", REFUSED.getOrDefault(path, "")));
      // A word such as `search` may be an id as well.
      Set<String> documented = new TreeSet<>();
      PATHS.forEach(
          (other, methods) -> {
            if (path.matches(other.replaceAll("\\{[^}]*}", "[^/:]+"))) {
              documented.addAll(methods);
            }
          });
      assertThat(allowed).as(path).isEqualTo(documented);
    }
  }

  @Test
  void whatOtherTestsAskAsAClientDoesIsAmongThem() {
    for (Door door : EveryDoorTest.ofAdapters()) {
      String path = door.path().replaceFirst("\\?.*", "");
      assertThat(PATHS.entrySet())
          .as(door.route())
          .anyMatch(
              each ->
                  path.matches(each.getKey().replaceAll("\\{[^}]*}", "[^/]+"))
                      && each.getValue().contains(door.method()));
    }
  }
}
