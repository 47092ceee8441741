package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.protocol.CancelAnswer;
import dev.agentrooms.protocol.CancelRequest;
import dev.agentrooms.protocol.ClientCommand;
import dev.agentrooms.protocol.Conversation;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.Level;
import dev.agentrooms.protocol.OnBusy;
import dev.agentrooms.protocol.ProgressAck;
import dev.agentrooms.protocol.ProgressEvent;
import dev.agentrooms.protocol.RunAccepted;
import dev.agentrooms.protocol.RunEvents;
import dev.agentrooms.protocol.RunRequest;
import dev.agentrooms.protocol.RunStatus;
import dev.agentrooms.protocol.RunView;
import dev.agentrooms.protocol.ServerMessage;
import dev.agentrooms.protocol.SessionPage;
import dev.agentrooms.protocol.SessionTitle;
import dev.agentrooms.protocol.SessionView;
import dev.agentrooms.protocol.Submission;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The documents by themselves, and next to the types of the wire.
@Tag("unit")
class WireDocumentsTest {

  private final WireDocuments documents = new WireDocuments();

  @TestFactory
  Stream<DynamicTest> everySchemaHasTheMembersOfItsType() {
    Map<String, Class<?>> types =
        Map.ofEntries(
            Map.entry("RunRequest", RunRequest.class),
            Map.entry("Submission", Submission.class),
            Map.entry("CancelRequest", CancelRequest.class),
            Map.entry("SessionTitle", SessionTitle.class),
            Map.entry("RunAccepted", RunAccepted.class),
            Map.entry("CancelAnswer", CancelAnswer.class),
            Map.entry("RunView", RunView.class),
            Map.entry("Timing", RunView.Timing.class),
            Map.entry("SessionPage", SessionPage.class),
            Map.entry("SessionEntry", SessionPage.Entry.class),
            Map.entry("RunSummary", SessionPage.RunSummary.class),
            Map.entry("SessionView", SessionView.class),
            Map.entry("ProgressEvent", ProgressEvent.class),
            Map.entry("ProgressRequest", ProgressEvent.class),
            Map.entry("RoomEvent", ProgressEvent.class),
            Map.entry("RunEvent", ProgressEvent.class),
            Map.entry("RunEvents", RunEvents.class),
            Map.entry("Message", Conversation.Message.class),
            Map.entry("Conversation", Conversation.class),
            Map.entry("ProgressAck", ProgressAck.class),
            Map.entry("Subscribe", ClientCommand.Subscribe.class),
            Map.entry("Unsubscribe", ClientCommand.Unsubscribe.class),
            Map.entry("Ping", ClientCommand.Ping.class),
            Map.entry("Subscribed", ServerMessage.Subscribed.class),
            Map.entry("Unsubscribed", ServerMessage.Unsubscribed.class),
            Map.entry("Pong", ServerMessage.Pong.class),
            Map.entry("SocketError", ServerMessage.Error.class));
    return types.entrySet().stream()
        .map(
            each ->
                DynamicTest.dynamicTest(
                    each.getKey(),
                    () -> {
                      Set<String> documented =
                          new TreeSet<>(names(schema(each.getKey()).path("properties")));
                      // What says which message it is, and what the room adds, is in no record.
                      documented.removeAll(Set.of("type", "cmd"));
                      if (each.getKey().equals("RoomEvent")) {
                        documented.remove("seq");
                      }
                      if (each.getKey().startsWith("Session")) {
                        // Of rooms that are filled from outside, which have no session.
                        documented.remove("pushed");
                      }
                      if (each.getKey().equals("RunEvent")) {
                        documented.remove("n");
                      }
                      assertThat(documented).isEqualTo(members(each.getValue()));
                    }));
  }

  @Test
  void everyWordOfAnEnumIsDocumented() {
    assertThat(words("Level")).isEqualTo(words(Level.values()));
    assertThat(words("RunStatus")).isEqualTo(words(RunStatus.values()));
    assertThat(strings(schema("SessionView").at("/properties/status/enum")))
        .isEqualTo(words(SessionView.Status.values()));
    // Absent may be written as null.
    assertThat(strings(schema("RunRequest").at("/properties/on_busy/enum")))
        .isEqualTo(Stream.concat(words(OnBusy.values()).stream(), Stream.of("null")).toList());
  }

  @Test
  void everyExampleIsWhatItsSchemaSays() {
    List<String> faults = new ArrayList<>();
    int checked =
        checkExamples(documents.openApi(), "", faults)
            + checkExamples(documents.asyncApi(), "", faults);

    assertThat(faults).isEmpty();
    assertThat(checked).isGreaterThan(100);
  }

  @Test
  void everyStepHasAnExampleThatTheAgentCouldSay() {
    Set<String> shown = new TreeSet<>();
    for (JsonNode event : schema("AgentProgress").path("examples")) {
      assertThat(documents.faults("AgentProgress", event)).isEmpty();
      assertThat(documents.faults("ProgressEvent", event)).isEmpty();
      shown.add(event.path("step").asText());
    }
    assertThat(shown).containsExactlyInAnyOrderElementsOf(words("AgentStep"));
  }

  @Test
  void everyBodyAndEveryProblemHasAnExample() {
    documents
        .openApi()
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .valueStream()
                    .filter(operation -> !operation.has("x-protocol"))
                    .forEach(
                        operation ->
                            Stream.concat(
                                    Stream.of(operation.path("requestBody")),
                                    stream(operation.path("responses")).map(documents::resolved))
                                .flatMap(body -> body.path("content").properties().stream())
                                .filter(media -> media.getKey().endsWith("json"))
                                .filter(media -> !path.getKey().endsWith(".json"))
                                .forEach(
                                    media ->
                                        assertThat(media.getValue().path("examples"))
                                            .as(path.getKey() + " " + operation)
                                            .isNotEmpty())));
  }

  @Test
  void everyReferenceLeadsSomewhere() {
    List<String> lost = new ArrayList<>();
    for (JsonNode document : List.of(documents.openApi(), documents.asyncApi())) {
      for (JsonNode ref : document.findValues("$ref")) {
        String[] parts = ref.asText().split("#", 2);
        JsonNode target = parts[0].isEmpty() ? document : documents.openApi();
        if (target.at(parts[1]).isMissingNode()) {
          lost.add(ref.asText());
        }
      }
    }
    assertThat(lost).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"session_id\":\"s\",\"run_id\":\"r\",\"status\":\"accepted\",\"more\":1}",
        "{\"session_id\":\"s\",\"status\":\"accepted\"}",
        "{\"session_id\":\"s\",\"run_id\":\"r\",\"status\":\"done\"}",
        "{\"session_id\":\"-s\",\"run_id\":\"r\",\"status\":\"accepted\"}"
      })
  void answerThatSaysMoreLessOrOtherwiseIsFaulty(String json) {
    assertThat(
            documents.faults(
                "RunAccepted", Json.parse(json.getBytes(java.nio.charset.StandardCharsets.UTF_8))))
        .isNotEmpty();
  }

  /// Checks every `example` and every member of `examples` that stands next to a schema.
  private int checkExamples(JsonNode node, String where, List<String> faults) {
    int checked = 0;
    JsonNode schema = node.has("schema") ? node.path("schema") : node.path("payload");
    if (!schema.isMissingNode()) {
      List<JsonNode> examples = new ArrayList<>();
      if (node.has("example")) {
        examples.add(node.path("example"));
      }
      node.path("examples")
          .forEach(
              each -> examples.add(each.has("value") ? each.path("value") : each.path("payload")));
      for (JsonNode example : examples) {
        documents.faults(schema, example).forEach(fault -> faults.add(where + ": " + fault));
        checked++;
      }
    } else if (node.path("examples").isArray()) {
      for (JsonNode example : node.path("examples")) {
        documents.faults(node, example).forEach(fault -> faults.add(where + ": " + fault));
        checked++;
      }
    }
    for (Map.Entry<String, JsonNode> member : node.properties()) {
      if (!member.getKey().startsWith("example")) {
        checked += checkExamples(member.getValue(), where + "/" + member.getKey(), faults);
      }
    }
    if (node.isArray()) {
      for (JsonNode element : node) {
        checked += checkExamples(element, where + "/", faults);
      }
    }
    return checked;
  }

  private JsonNode schema(String name) {
    JsonNode schema = documents.openApi().at("/components/schemas/" + name);
    assertThat(schema.isObject()).as(name).isTrue();
    return schema;
  }

  private List<String> words(String schema) {
    return strings(schema(schema).path("enum"));
  }

  private static List<String> words(Enum<?>[] constants) {
    return Stream.of(constants).map(each -> each.name().toLowerCase(Locale.ROOT)).toList();
  }

  private static List<String> strings(JsonNode array) {
    return stream(array).map(JsonNode::asText).toList();
  }

  private static Stream<JsonNode> stream(JsonNode node) {
    return StreamSupport.stream(node.spliterator(), false);
  }

  private static List<String> names(JsonNode object) {
    return object.properties().stream().map(Map.Entry::getKey).toList();
  }

  private static Set<String> members(Class<?> type) {
    Set<String> names = new TreeSet<>();
    var mapper = Json.mapper();
    mapper
        .getSerializationConfig()
        .introspect(mapper.constructType(type))
        .findProperties()
        .forEach(property -> names.add(property.getName()));
    return names;
  }
}
