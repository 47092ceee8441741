package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.http.access.Scope;
import dev.agentrooms.http.access.Tokens;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Sessions of users on three nodes: whichever node is asked, and whichever has the session and its
/// room, nobody is shown another's.
@Tag("process")
class ThreeNodesOwnersTest {

  private static final String SECRET = "three-nodes-have-this-secret-in-common";
  private static final Tokens TOKENS = Tokens.of(SECRET, InstantSource.system());
  // Enough that each node has some of the sessions and some of the rooms.
  private static final int SESSIONS = 6;

  private static NodesInOneJvm nodes;

  @BeforeAll
  static void start() throws Exception {
    nodes =
        new NodesInOneJvm(
            3, "access.secret", SECRET, "internal-token", "progress-is-taken-with-this-token");
  }

  @AfterAll
  static void stop() {
    if (nodes != null) {
      nodes.close();
    }
  }

  private static String user(String name) {
    return TOKENS.user(name, Scope.USE, Instant.now().plusSeconds(600));
  }

  private static Stack.Answer run(int node, String token, String session, String question) {
    Stack at = nodes.get(node % nodes.count());
    return at.post(
        at.webUi() + "/api/agent/run?wait=60",
        Stack.question(session, question),
        "Authorization",
        "Bearer " + token);
  }

  private static String link(int node, String token, String session) {
    Stack at = nodes.get(node % nodes.count());
    return at.post(
            at.webUi() + "/api/agent/links",
            "{\"session_id\":\"" + session + "\"}",
            "Authorization",
            "Bearer " + token)
        .json()
        .path("token")
        .asText();
  }

  private static Stack.Answer send(int node, String token, String method, String path) {
    Stack at = nodes.get(node % nodes.count());
    return at.send(
        HttpRequest.newBuilder(URI.create(at.webUi() + path))
            .header("Authorization", "Bearer " + token)
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build());
  }

  private static List<String> listed(int node, String token, String query) {
    return send(node, token, "GET", "/api/agent/sessions?limit=200" + query)
        .json()
        .path("sessions")
        .findValuesAsText("session_id");
  }

  private static List<String> ways(String session, String run) {
    String resource = "/api/agent/sessions/" + session;
    return List.of(
        resource,
        resource + "/messages",
        resource + "/runs/" + run,
        resource + "/runs/" + run + "/events",
        "/api/messages?session_id=" + session,
        "/api/events?session_id=" + session + "&after=0",
        "/v1/stream/rooms/" + session);
  }

  @Test
  void noNodeShowsAnothersSession() {
    List<String> sessions = new ArrayList<>();
    for (int i = 0; i < SESSIONS; i++) {
      String session = "anns" + i;
      sessions.add(session);
      String run =
          run(i, user("ann"), session, "What is a zugzwang?").json().path("run_id").asText();
      for (int node = 0; node < nodes.count(); node++) {
        for (String way : ways(session, run)) {
          assertThat(send(node, user("bob"), "GET", way).status()).as(way).isEqualTo(404);
        }
        Stack.Answer taken = run(node, user("bob"), session, "Mine?");
        assertThat(taken.status()).isEqualTo(404);
        assertThat(send(node, user("bob"), "DELETE", "/api/agent/sessions/" + session).status())
            .isEqualTo(404);
        assertThat(
                send(node, user("ann"), "GET", "/api/messages?session_id=" + session)
                    .json()
                    .path("messages"))
            .isNotEmpty();
      }
    }
    for (int node = 0; node < nodes.count(); node++) {
      for (String query : List.of("", "&search=zugzwang")) {
        assertThat(listed(node, user("bob"), query)).isEmpty();
        assertThat(listed(node, user("ann"), query)).containsExactlyInAnyOrderElementsOf(sessions);
      }
    }
  }

  @Test
  void operatorsSeeAtAnyNodeWhoWasAtEachOfThem() {
    String resource = "/api/agent/sessions/visited";
    run(0, user("vic"), "visited", "What is a visit?");
    for (int node = 0; node < nodes.count(); node++) {
      send(node, user("eve" + node), "GET", resource);
    }
    String admin = TOKENS.user("root", Scope.ADMIN, Instant.now().plusSeconds(600));
    for (int node = 0; node < nodes.count(); node++) {
      JsonNode trail = send(node, admin, "GET", "/api/admin/sessions/visited/audit").json();
      assertThat(trail.path("nodes")).hasSize(nodes.count());
      assertThat(trail.findValues("silent")).isEmpty();
      assertThat(trail.findValuesAsText("user")).contains("vic", "eve0", "eve1", "eve2");
    }
  }

  /// Another user runs in an id that somebody else had. Who watched before is told `forbidden` at
  /// whichever node, and sees nothing of it.
  @Test
  void anIdThatAnotherUserTakesOverIsClosedToThoseFromBeforeAtEveryNode() {
    for (int i = 0; i < SESSIONS; i++) {
      String session = "had" + i;
      String read = "/api/messages?session_id=" + session;
      run(i, user("ina"), session, "What is hers?");
      String link = link(i + 1, user("ina"), session);
      JsonNode hers = send(i, user("ina"), "GET", read).json();
      List<Watcher> watchers = new ArrayList<>();
      List<ProtocolClient.Stream> streams = new ArrayList<>();
      List<ProtocolClient> clients = new ArrayList<>();
      try {
        for (int node = 0; node < nodes.count(); node++) {
          for (String token : List.of(user("ina"), link)) {
            Watcher watcher = new Watcher(nodes.get(node).webUi());
            watchers.add(watcher);
            watcher.send(
                "{\"cmd\":\"subscribe\",\"session_id\":\"%s\",\"token\":\"%s\"}"
                    .formatted(session, token));
            watcher.await(told -> told.size() == 1);
          }
          ProtocolClient client = new ProtocolClient(nodes.get(node).webUi());
          clients.add(client);
          String events = "/api/events?session_id=" + session + "&after=0";
          ProtocolClient.Stream stream =
              client.open("GET", events, null, "Authorization", "Bearer " + user("ina"));
          streams.add(stream);
          stream.until("final_answer");
        }
        assertThat(send(i + 1, user("ina"), "DELETE", "/api/agent/sessions/" + session).status())
            .isEqualTo(204);
        String his =
            run(i + 2, user("jon"), session, "What is his?").json().path("run_id").asText();

        for (Watcher watcher : watchers) {
          List<JsonNode> told =
              watcher.await(messages -> messages.getLast().path("type").asText().equals("error"));
          assertThat(told.getLast().path("code").asText()).isEqualTo("forbidden");
          assertThat(told.getLast().path("session_id").asText()).isEqualTo(session);
          assertThat(told.toString()).doesNotContain(his);
        }
        for (ProtocolClient.Stream stream : streams) {
          assertThat(stream.whole()).doesNotContain(his);
        }
        for (int node = 0; node < nodes.count(); node++) {
          JsonNode now = send(node, user("jon"), "GET", read).json();
          assertThat(now.path("epoch")).isNotEqualTo(hers.path("epoch"));
          assertThat(now.path("messages").findValuesAsText("run_id")).containsOnly(his);
          assertThat(now.at("/messages/0/seq").asInt()).isEqualTo(1);
          assertThat(listed(node, user("jon"), "")).contains(session);
          assertThat(listed(node, user("ina"), "")).doesNotContain(session);
          for (String before : List.of(user("ina"), link)) {
            for (String way : ways(session, his)) {
              assertThat(send(node, before, "GET", way).status()).as(way).isEqualTo(404);
            }
          }
        }
      } finally {
        watchers.forEach(Watcher::close);
        streams.forEach(ProtocolClient.Stream::close);
        clients.forEach(ProtocolClient::close);
      }
    }
  }
}
