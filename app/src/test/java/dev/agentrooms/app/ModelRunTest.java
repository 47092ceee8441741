package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.tools.model.ModelStub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Runs whose steps ask a model, from the request to the watchers.
@Tag("wire")
@Timeout(300)
class ModelRunTest {

  private static final String KEY = "sk-very-secret-4711";
  private static final String WORKFLOWS =
      """
      workflows {
        draft {
          match = ["^draft"]
          steps = [ { name = draft, title = "Write", model { system = "Be kind.", prompt = "Answer {{question}}" } } ]
        }
        classify {
          match = ["^classify"]
          steps = [
            { name = kind, model { prompt = "{{question}}"
                schema { type = object, required = [kind], properties { kind { enum = [bug, other] } } } } }
            { name = quiet, when = "steps.kind.kind == bug", model { prompt = "Explain {{steps.kind}}", stream = false } }
          ]
          result { kind = "{{steps.kind.kind}}", text = "{{steps.quiet.text}}" }
        }
      }
      """;

  @TempDir private Path folder;

  private Stack start(ModelStub model, Object... more) throws IOException {
    Path file = folder.resolve("model.conf");
    Files.writeString(file, WORKFLOWS);
    List<Object> settings = new ArrayList<>(Arrays.asList(more));
    settings.addAll(
        List.of(
            "agent.workflows.file",
            file.toString(),
            "agent.model.url",
            model.uri().toString(),
            "agent.model.name",
            "test-model",
            "agent.model.api-key",
            KEY));
    return Stack.start(settings.toArray());
  }

  private static JsonNode event(List<JsonNode> events, String step) {
    return events.stream()
        .filter(event -> event.path("step").asText().equals(step))
        .findFirst()
        .orElseThrow();
  }

  private static String text(List<JsonNode> told) {
    StringBuilder text = new StringBuilder();
    for (JsonNode message : told) {
      if (Watcher.type(message).equals("delta")) {
        assertThat(message.path("offset").asLong())
            .isEqualTo(text.codePointCount(0, text.length()));
        text.append(message.path("text").asText());
      }
    }
    return text.toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"room", "http"})
  void aTextIsSeenWhileItIsWrittenAndItsStepSaysTheWhole(String sink) throws Exception {
    CountDownLatch seen = new CountDownLatch(1);
    ModelStub.Script script =
        e -> {
          e.begin();
          e.token("Plants ");
          e.token("🌿 ");
          seen.await();
          for (int i = 0; i < 400; i++) {
            e.token("word" + i + " ");
          }
          e.finish("stop");
          e.event("{\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":402}}");
          e.done();
        };
    try (ModelStub model = new ModelStub(script);
        Stack stack = start(model, "agent.progress.sink", sink);
        Watcher watcher = Watcher.of(stack, "s1")) {
      stack.run("s1", "draft this");
      watcher.await(told -> text(told).startsWith("Plants "));
      seen.countDown();
      List<JsonNode> events = watcher.untilEnded(1);

      assertThat(Stack.steps(events))
          .containsExactly("intent_determined", "start_draft", "draft_done", "final_answer");
      JsonNode done = event(events, "draft_done").path("meta");
      assertThat(text(watcher.received())).isEqualTo(done.path("text").asText());
      assertThat(done.path("text").asText()).startsWith("Plants 🌿 word0").endsWith("word399 ");
      assertThat(done.path("part").asText()).isEqualTo("draft");
      assertThat(done.path("usage").toString())
          .isEqualTo("{\"input_tokens\":7,\"output_tokens\":402}");
      assertThat(done.path("output").path("text")).isEqualTo(done.path("text"));
      JsonNode end = event(events, "final_answer").path("meta");
      assertThat(end.path("usage")).isEqualTo(done.path("usage"));
      assertThat(end.path("text")).isEqualTo(done.path("text"));
      List<Long> offsets = new ArrayList<>();
      watcher.received().stream()
          .filter(message -> Watcher.type(message).equals("delta"))
          .forEach(message -> offsets.add(message.path("offset").asLong()));
      List<Long> cuts = new ArrayList<>();
      done.path("cuts").forEach(cut -> cuts.add(cut.asLong()));
      assertThat(cuts)
          .isNotEmpty()
          .doesNotContain(0L)
          .containsAll(offsets.subList(1, offsets.size()));
      assertThat(Stack.seqs(stack.messages("s1"))).containsExactly(1L, 2L, 3L, 4L);
      assertThat(model.request(1).path("messages").toString())
          .contains("Be kind.")
          .containsPattern("<data-[0-9a-f]+ name=\\\\\"question\\\\\">\\\\ndraft this");
    }
  }

  @Test
  void aStructuredAnswerDecidesTheNextStepAndIsNotShownInPieces() throws Exception {
    ModelStub.Script script =
        e -> {
          if (e.isStream()) {
            ModelStub.says("It ", "is ", "broken.").answer(e);
          } else {
            e.text(e.number() == 1 ? "{\"kind\":\"joke\"}" : "{\"kind\":\"bug\"}");
          }
        };
    try (ModelStub model = new ModelStub(script);
        Stack stack = start(model);
        Watcher watcher = Watcher.of(stack, "s1")) {
      stack.run("s1", "classify it");
      List<JsonNode> events = watcher.untilEnded(1);

      assertThat(event(events, "kind_done").at("/meta/output").toString())
          .isEqualTo("{\"kind\":\"bug\"}");
      assertThat(event(events, "kind_done").at("/meta/usage/input_tokens").asInt()).isEqualTo(6);
      assertThat(events.getLast().at("/meta/result").toString())
          .isEqualTo("{\"kind\":\"bug\",\"text\":\"It is broken.\"}");
      assertThat(events.getLast().at("/meta/usage/output_tokens").asInt()).isEqualTo(7);
      assertThat(text(watcher.received())).isEmpty();
    }
  }

  @Test
  void aBusyModelIsAskedOnceMore() throws Exception {
    ModelStub.Script script =
        e -> {
          if (e.number() == 1) {
            e.answer(503, "text/plain", "busy");
          } else {
            ModelStub.says("Here ", "I am.").answer(e);
          }
        };
    try (ModelStub model = new ModelStub(script);
        Stack stack = start(model);
        Watcher watcher = Watcher.of(stack, "s1")) {
      stack.run("s1", "draft");
      List<JsonNode> events = watcher.untilEnded(1);

      assertThat(Stack.steps(events)).contains("tool_retry").doesNotContain("tool_error");
      assertThat(event(events, "draft_done").at("/meta/part").asText()).isEqualTo("draft-2");
      assertThat(event(events, "draft_done").at("/meta/text").asText()).isEqualTo("Here I am.");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "429 http_status 2",
        "500 http_status 1",
        "401 model_auth 1",
        "400 model_rejected 1"
      })
  void whatAModelsServerRefusesIsToldByItsReason(String row) throws Exception {
    String[] cells = row.split(" ");
    ModelStub.Script script =
        e ->
            e.answer(
                Integer.parseInt(cells[0]),
                "application/json",
                "{\"error\":{\"message\":\"" + KEY + "\"}}");
    try (ModelStub model = new ModelStub(script);
        Stack stack = start(model)) {
      String run = stack.run("s1", "draft");
      List<JsonNode> events = stack.untilEnded("s1", 1);

      JsonNode error = event(events, "tool_error").path("meta");
      assertThat(error.path("reason").asText()).isEqualTo(cells[1]);
      assertThat(error.path("status").asText()).isEqualTo(cells[0]);
      assertThat(error.path("attempts").asText()).isEqualTo(cells[2]);
      assertThat(events.getLast().at("/meta/reason").asText()).isEqualTo(cells[1]);
      assertThat(model.requests()).isEqualTo(Integer.parseInt(cells[2]));
      assertThat(events.toString()).doesNotContain(KEY);
      assertThat(stack.get(stack.agent() + "/api/agent/sessions/s1/runs/" + run).json().toString())
          .doesNotContain(KEY);
    }
  }

  @Test
  void aCancelHangsUpAndSaysWhatHadBeenWritten() throws Exception {
    ModelStub.Script script =
        e -> {
          e.begin();
          e.token("Half an answer");
          e.waitForClose();
        };
    try (ModelStub model = new ModelStub(script);
        Stack stack = start(model);
        Watcher watcher = Watcher.of(stack, "s1")) {
      stack.run("s1", "draft");
      watcher.await(told -> text(told).equals("Half an answer"));
      stack.post(stack.agent() + "/api/agent/cancel", "{\"session_id\":\"s1\"}");
      model.awaitEnd();
      List<JsonNode> events = watcher.untilEnded(1);

      assertThat(Stack.steps(events)).endsWith("start_draft", "cancelled");
      assertThat(events.getLast().at("/meta/partial_text").asText()).isEqualTo("Half an answer");
      assertThat(events.getLast().at("/meta/cuts").isArray()).isTrue();
      try (Watcher late = Watcher.of(stack, "s1")) {
        assertThat(text(late.received())).isEmpty();
      }
    }
  }

  @Test
  void anAnswerThatBreaksOffIsShownAsFarAsItCame() throws Exception {
    ModelStub.Script script =
        e -> {
          e.begin();
          for (int i = 0; i < 100; i++) {
            e.token("word" + i + " ");
          }
        };
    try (ModelStub model = new ModelStub(script);
        Stack stack = start(model);
        Watcher watcher = Watcher.of(stack, "s1")) {
      stack.run("s1", "draft");
      List<JsonNode> events = watcher.untilEnded(1);

      JsonNode error = event(events, "tool_error").path("meta");
      assertThat(error.path("reason").asText()).isEqualTo("connection_lost");
      assertThat(error.path("partial_text").asText())
          .isEqualTo(text(watcher.received()))
          .endsWith("word99 ");
    }
  }

  @Test
  void aVeryLongAnswerIsStreamedWholeAndLeftOutOfTheEventAtItsEnd() throws Exception {
    int tokens = 100_000;
    ModelStub.Script script =
        e -> {
          e.begin();
          StringBuilder chunk = new StringBuilder();
          for (int i = 0; i < tokens; i++) {
            chunk
                .append("data: {\"choices\":[{\"delta\":{\"content\":\"tok")
                .append(i % 7)
                .append(" \"}}]}\n\n");
            if (i % 500 == 499) {
              e.raw(chunk.toString());
              chunk.setLength(0);
            }
          }
          e.finish("stop");
          e.done();
        };
    try (ModelStub model = new ModelStub(script);
        Stack stack = start(model, "agent.model.max-answer-size", "1MiB");
        Watcher watcher = Watcher.of(stack, "s1")) {
      String run = stack.run("s1", "draft");
      List<JsonNode> events = watcher.untilEnded(1);

      JsonNode done = event(events, "draft_done").path("meta");
      assertThat(done.path("text_bytes").asInt()).isEqualTo(5 * tokens);
      assertThat(done.has("text")).isFalse();
      assertThat(text(watcher.received())).hasSize(5 * tokens).startsWith("tok0 tok1 ");
      assertThat(
              stack
                  .get(stack.agent() + "/api/agent/sessions/s1/runs/" + run)
                  .json()
                  .at("/result/text")
                  .asText())
          .isEqualTo(text(watcher.received()));
      assertThat(Stack.seqs(events)).containsExactly(1L, 2L, 3L, 4L);
    }
  }
}
