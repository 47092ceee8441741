package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.tools.model.ModelStub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A model that picks the workflow.
@Tag("wire")
@Timeout(300)
class ModelPlannerTest {

  private static final String WORKFLOWS =
      """
      workflows {
        poem { description = "Writes a poem", match = ["^poem"]
               steps = [ { name = write, model { prompt = "{{question}}" } } ] }
        ticket { description = "Answers a ticket"
                 input { type = object, required = [ticket] }
                 steps = [ { name = write, model { prompt = "{{question}}" } } ] }
      }
      """;

  @TempDir private Path folder;

  private Stack start(ModelStub model) throws IOException {
    Path file = folder.resolve("planner.conf");
    Files.writeString(file, WORKFLOWS);
    return Stack.start(
        "agent.workflows.file",
        file.toString(),
        "agent.planner",
        "model",
        "agent.model.url",
        model.uri().toString(),
        "agent.model.name",
        "test-model");
  }

  private static String intent(Stack stack, String session, String question) {
    stack.run(session, question);
    return stack.untilEnded(session, 1).getFirst().at("/meta/intent").asText();
  }

  private static ModelStub.Script picking(String answer) {
    return e -> {
      if (e.isStream()) {
        ModelStub.says("Roses are red.").answer(e);
      } else {
        e.text(answer);
      }
    };
  }

  @Test
  void theModelPicksAmongTheDescriptionsOfWhatTheRequestFits() throws Exception {
    try (ModelStub model = new ModelStub(picking("{\"workflow\":\"poem\"}"));
        Stack stack = start(model)) {
      assertThat(intent(stack, "s1", "Something that rhymes, please")).isEqualTo("poem");

      JsonNode names =
          model.request(1).at("/response_format/json_schema/schema/properties/workflow/enum");
      assertThat(names)
          .extracting(JsonNode::asText)
          .containsExactlyInAnyOrder("create_quiz", "evaluate", "answer", "poem");
      assertThat(model.request(1).path("messages").toString())
          .contains("poem: Writes a poem")
          .containsPattern("<data-[0-9a-f]+ name=..question..>.nSomething that rhymes, please");
    }
  }

  @Test
  void whatARequestSettlesIsNotAsked() throws Exception {
    try (ModelStub model = new ModelStub(picking("{\"workflow\":\"answer\"}"));
        Stack stack = start(model)) {
      assertThat(intent(stack, "s1", "poem about rain")).isEqualTo("poem");
      assertThat(model.exchanges()).allMatch(ModelStub.Exchange::isStream);
    }
  }

  @Test
  void whereTheModelDoesNotPickTheRulesDo() throws Exception {
    try (ModelStub model = new ModelStub(picking("{\"workflow\":\"ticket\"}"));
        Stack stack = start(model)) {
      assertThat(intent(stack, "s1", "Create a quiz about photosynthesis"))
          .isEqualTo("create_quiz");
      // Once more, with the error told.
      assertThat(model.requests()).isEqualTo(2);
    }
  }

  @Test
  void aModelThatDoesNotAnswerInTimeIsHungUpOn() throws Exception {
    try (ModelStub model = new ModelStub(ModelStub.Exchange::waitForClose);
        Stack stack = start(model)) {
      assertThat(intent(stack, "s1", "Create a quiz about photosynthesis"))
          .isEqualTo("create_quiz");
      model.awaitEnd();
    }
  }
}
