package dev.agentrooms.adapters;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// What cannot be read is not taken for what is not there.
@Tag("unit")
class UnreadTest {

  private static final Happening.Told ASKED =
      new Happening.Told(
          1,
          "e1",
          1,
          (ObjectNode)
              Json.parse(
                  """
                  {"event_id":"r1.1","step":"input_required","meta":{"input_id":"i1"}}
                  """
                      .getBytes(StandardCharsets.UTF_8)));

  /// Each read of several answers, or of something that may not be there.
  private static final Map<String, Function<AgentApi, CompletionStage<?>>> READS =
      Map.of(
          "events", agent -> agent.events("s1", "r1"),
          "conversation", agent -> agent.conversation("s1", null),
          "isStillAsked", agent -> agent.isStillAsked("s1", "r1", ASKED));

  /// An agent that gives these answers one after the other, the last one again and again.
  private static AgentApi answering(HttpResponse... answers) {
    var rest = new ConcurrentLinkedQueue<>(List.of(answers));
    return new AgentApi(
        (request, body) ->
            CompletableFuture.completedFuture(rest.size() > 1 ? rest.remove() : rest.element()));
  }

  private static HttpResponse json(int status, String json) {
    return HttpResponse.create()
        .withStatus(status)
        .withEntity(
            HttpEntities.create(
                ContentTypes.APPLICATION_JSON,
                json.replace('\'', '"').getBytes(StandardCharsets.UTF_8)));
  }

  private static HttpResponse unread(int status) {
    return json(status, "{'title':'Not available','detail':'The store is away.'}");
  }

  @TestFactory
  List<DynamicTest> whatCannotBeReadIsRefusedInTheAgentsWords() {
    return READS.entrySet().stream()
        .flatMap(
            read ->
                List.of(500, 502, 503).stream()
                    .map(
                        status ->
                            DynamicTest.dynamicTest(
                                read.getKey() + " " + status,
                                () -> assertUnread(read.getValue(), status, unread(status)))))
        .toList();
  }

  @Test
  void aSecondPageThatCannotBeReadIsNotTheEnd() {
    HttpResponse events = json(200, "{'events':[{'n':1}],'next':1}");
    assertUnread(agent -> agent.events("s1", "r1"), 503, events, unread(503));
    HttpResponse messages = json(200, "{'messages':[{'id':'m-r1-q'}],'next':'m-r1-q'}");
    assertUnread(agent -> agent.conversation("s1", null), 503, messages, unread(503));
  }

  private static void assertUnread(
      Function<AgentApi, CompletionStage<?>> read, int status, HttpResponse... answers) {
    assertThat(read.apply(answering(answers)))
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .havingRootCause()
        .isInstanceOfSatisfying(
            Unread.class, unread -> assertThat(unread.why().status()).isEqualTo(status));
  }

  @Test
  void whatIsNotThereIsNothing() throws Exception {
    AgentApi none = answering(unread(404));
    assertThat(none.events("s1", "r1").toCompletableFuture().get()).isEmpty();
    assertThat(none.conversation("s1", null).toCompletableFuture().get()).isEmpty();
    assertThat(none.isStillAsked("s1", "r1", ASKED).toCompletableFuture().get()).isFalse();
  }
}
