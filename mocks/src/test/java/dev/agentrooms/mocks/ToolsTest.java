package dev.agentrooms.mocks;

import static com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder.like;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("wire")
@Timeout(300)
class ToolsTest {

  private static Mocks mocks;
  private static Tools tools;

  @BeforeAll
  static void start() {
    mocks = Mocks.start("127.0.0.1", 0, Latency.NONE);
    tools = new Tools(mocks);
  }

  @AfterAll
  static void stop() {
    mocks.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/health", "/health/live", "/health/ready"})
  void healthIsUp(String path) throws Exception {
    var response = tools.get(path);

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("{\"status\":\"UP\"}");
    assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
  }

  @Test
  void searchFindsFiveChunksAboutWhatWasAsked() throws Exception {
    var response = tools.post("/search", Map.of("query", "photosynthesis in algae"));
    var chunks = list(Tools.json(response).get("chunks"));

    assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
    assertThat(chunks).hasSize(5);
    assertThat(chunks).allMatch(c -> c.get("text").asText().contains("photosynthesis in algae"));
    assertThat(chunks).allMatch(c -> c.get("source").asText().contains("#"));
    assertThat(chunks).extracting(c -> c.get("id").asText()).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 20})
  void searchFindsAsManyChunksAsAskedForBestFirst(int count) throws Exception {
    var chunks =
        list(tools.call("/search", Map.of("query", "tides", "top_k", count)).get("chunks"));
    var scores = chunks.stream().map(chunk -> chunk.get("score").asDouble()).toList();

    assertThat(chunks).hasSize(count);
    assertThat(scores).allMatch(score -> score > 0 && score <= 1).doesNotHaveDuplicates();
    assertThat(scores).isSortedAccordingTo((one, other) -> Double.compare(other, one));
  }

  @Test
  void aWholeNumberMayBeWrittenAsADecimal() throws Exception {
    assertThat(tools.call("/search", Map.of("query", "tides", "top_k", 2.0)).get("chunks"))
        .hasSize(2);
  }

  @Test
  void ragAnswersInMarkdownAndCitesItsChunks() throws Exception {
    var answer = tools.call("/rag", Map.of("query", "Why is the sky blue?", "top_k", 3));
    var text = answer.get("answer").asText();

    assertThat(text).startsWith("## ").contains("\n\n", "Why is the sky blue?");
    assertThat(list(answer.get("chunks")))
        .hasSize(3)
        .allMatch(chunk -> text.contains("[" + chunk.get("id").asText() + "]"));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 50})
  void aQuizHasAsManyQuestionsAsAskedFor(int count) throws Exception {
    var quiz = tools.call("/api/generate", Map.of("topic", "volcanoes", "num_questions", count));
    var questions = list(quiz.get("questions"));

    assertThat(quiz.get("title").asText()).contains("volcanoes");
    assertThat(questions)
        .hasSize(count)
        .allMatch(q -> q.get("text").asText().contains("volcanoes"));
    for (var i = 0; i < count; i++) {
      var question = questions.get(i);
      assertThat(question.get("id").asText()).isEqualTo("q" + (i + 1));
      assertThat(question.get("options").fieldNames())
          .toIterable()
          .containsExactly("a", "b", "c", "d");
      assertThat(new HashSet<>(list(question.get("options")))).hasSize(4);
    }
  }

  @Test
  void aQuizHasFiveQuestionsByDefaultAndAnIdOfItsOwn() throws Exception {
    var request = new LinkedHashMap<String, Object>();
    request.put("topic", "volcanoes");
    request.put("num_questions", null);
    request.put("chunks", List.of(Map.of("id", "note-1", "text", "[exam:500]")));
    var first = tools.call("/api/generate", request);
    var second = tools.call("/api/generate", request);

    assertThat(first.get("questions")).hasSize(5);
    assertThat(first.get("exam_id").asText()).startsWith("exam-");
    assertThat(first.get("exam_id")).isNotEqualTo(second.get("exam_id"));
  }

  static Stream<String> hostileTexts() {
    return Stream.of(
        "say \"hello\" and 'bye'",
        "back\\slash \\n \\u0041 \\",
        "line\nbreak\r\n\ttab\u0000\u0007\u2028",
        "{{request.url}} {{{toJson request}}} {{#each request}} ${x} }}",
        "<b>&amp; &quot;</b> </script>",
        "Создай тест по фотосинтезу «ё»",
        "🦊🧪 👩‍👩‍👧 日本語 عربى",
        "\"}],\"chunks\":[]}");
  }

  @ParameterizedTest
  @MethodSource("hostileTexts")
  void anyTextComesBackAsItWas(String text) throws Exception {
    var search = tools.call("/search", Map.of("query", text));
    var rag = tools.call("/rag", Map.of("query", text));
    var quiz = tools.call("/api/generate", Map.of("topic", text));
    var grade = tools.call("/api/grade", Map.of("exam_id", text, "answers", Map.of(text, text)));

    assertThat(search.at("/chunks/4/text").asText()).contains(text);
    assertThat(rag.get("answer").asText()).contains(text);
    assertThat(rag.at("/chunks/4/text").asText()).contains(text);
    assertThat(quiz.get("title").asText()).isEqualTo("Quiz: " + text);
    assertThat(quiz.at("/questions/4/text").asText()).startsWith(text);
    assertThat(grade.get("exam_id").asText()).isEqualTo(text);
    assertThat(grade.at("/items/0/question_id").asText()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "ё", "🦊"})
  void aLongTextIsCutBetweenCharacters(String character) throws Exception {
    var text = character.repeat(8000);
    var shown = character.repeat(120);
    var quiz = tools.call("/api/generate", Map.of("topic", text, "num_questions", 50));

    assertThat(quiz.get("title").asText()).isEqualTo("Quiz: " + shown);
    assertThat(quiz.toString().length()).isLessThan(65_536);
    assertThat(tools.call("/search", Map.of("query", text)).at("/chunks/0/text").asText())
        .startsWith("Note 1 on " + shown + ":");
    assertThat(tools.call("/rag", Map.of("query", text)).get("answer").asText()).contains(shown);
  }

  @Test
  void allRightAnswersScoreFully() throws Exception {
    var quiz = tools.call("/api/generate", Map.of("topic", "tides", "num_questions", 50));
    var grade = grade(quiz, rightAnswers(quiz));

    assertThat(grade.get("exam_id")).isEqualTo(quiz.get("exam_id"));
    assertThat(grade.get("score").asInt()).isEqualTo(50);
    assertThat(grade.get("max_score").asInt()).isEqualTo(50);
    assertThat(list(grade.get("items")))
        .hasSize(50)
        .allMatch(item -> item.get("correct").isBoolean() && item.get("correct").asBoolean());
  }

  @Test
  void allWrongAnswersScoreNothingAndAreToldTheRightOnes() throws Exception {
    var quiz = tools.call("/api/generate", Map.of("topic", "tides", "num_questions", 8));
    var right = rightAnswers(quiz);
    var wrong = new LinkedHashMap<>(right);
    wrong.replaceAll((question, option) -> option.equals("a") ? "b" : "a");
    var grade = grade(quiz, wrong);

    assertThat(grade.get("score").asInt()).isZero();
    assertThat(grade.get("max_score").asInt()).isEqualTo(8);
    for (var item : grade.get("items")) {
      var option = right.get(item.get("question_id").asText());
      assertThat(item.get("correct").asBoolean()).isFalse();
      assertThat(item.get("expected").asText()).isEqualTo(option);
      assertThat(item.get("comment").asText()).contains(option);
    }
  }

  @Test
  void mixedAnswersAreGradedOneByOneInTheirOrder() throws Exception {
    var answers = new LinkedHashMap<String, String>();
    answers.put("q3", "c");
    answers.put("q1", " B ");
    answers.put("q2", "d");
    answers.put("q4", "");
    answers.put("q51", "c");
    answers.put("what", "a");
    var grade = tools.call("/api/grade", Map.of("exam_id", "ex-1", "answers", answers));
    var items = list(grade.get("items"));

    assertThat(grade.get("score").asInt()).isEqualTo(2);
    assertThat(grade.get("max_score").asInt()).isEqualTo(6);
    assertThat(items)
        .extracting(item -> item.get("question_id").asText())
        .containsExactlyElementsOf(answers.keySet());
    assertThat(items)
        .extracting(item -> item.get("correct").asBoolean())
        .containsExactly(true, true, false, false, false, false);
    assertThat(items)
        .extracting(item -> item.get("expected").asText())
        .containsExactly("c", "b", "a", "d", "", "");
  }

  @Test
  void noAnswersScoreNothingOfNothing() throws Exception {
    var grade = tools.call("/api/grade", Map.of("exam_id", "ex-1", "answers", Map.of()));

    assertThat(grade.get("score").asInt()).isZero();
    assertThat(grade.get("max_score").asInt()).isZero();
    assertThat(grade.get("items").isArray()).isTrue();
    assertThat(grade.get("items")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "/search, query, rag",
    "/rag, query, rag",
    "/api/generate, topic, exam",
    "/api/grade, exam_id, exam"
  })
  void aWordInTheTextMakesAToolMisbehave(String path, String field, String family)
      throws Exception {
    for (var status : List.of(500, 503)) {
      var response = tools.post(path, asked(field, family + ":" + status));
      assertThat(response.statusCode()).isEqualTo(status);
      assertThat(Tools.json(response).get("status").asInt()).isEqualTo(status);
    }
    var garbage = tools.post(path, asked(field, family + ":garbage"));
    assertThat(garbage.statusCode()).isEqualTo(200);
    assertThat(garbage.headers().firstValue("Content-Type")).contains("application/json");
    assertThatThrownBy(() -> Tools.json(garbage)).isInstanceOf(JsonProcessingException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "/search, query, rag",
    "/rag, query, rag",
    "/api/generate, topic, exam",
    "/api/grade, exam_id, exam"
  })
  void theWordSlowChoosesTheSlowMappingAndItsAnswerIsTheUsualOne(
      String path, String field, String family) throws Exception {
    try (var hastened = Mocks.start("127.0.0.1", 0, Latency.NONE)) {
      hastened.server().getStubMappings().stream()
          .filter(stub -> stub.getName().endsWith("asked to be slow"))
          .forEach(stub -> stub.setResponse(like(stub.getResponse()).withFixedDelay(null).build()));

      var slow = new Tools(hastened).post(path, asked(field, family + ":slow"));
      var usual = tools.call(path, asked(field, "nothing"));

      assertThat(slow.headers().firstValue("Matched-Stub-Name").orElseThrow())
          .endsWith("asked to be slow");
      assertThat(slow.statusCode()).isEqualTo(200);
      assertThat(Tools.json(slow).fieldNames())
          .toIterable()
          .containsExactlyElementsOf(usual::fieldNames);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/search, query, exam",
    "/rag, query, exam",
    "/api/generate, topic, rag",
    "/api/grade, exam_id, rag"
  })
  void theWordsOfTheOtherToolDoNothing(String path, String field, String family) throws Exception {
    for (var word : List.of("500", "503", "slow", "garbage")) {
      tools.call(path, asked(field, family + ":" + word));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/search | {}",
        "/search | {\"query\":\"  \"}",
        "/search | {\"query\":7}",
        "/search | {\"query\":\"tides\",\"top_k\":0}",
        "/search | {\"query\":\"tides\",\"top_k\":21}",
        "/search | {\"query\":\"tides [rag:slow]\",\"top_k\":\"many\"}",
        "/search | not JSON",
        "/search | [\"tides\"]",
        "/search | ''",
        "/rag | {\"top_k\":3}",
        "/api/generate | {\"num_questions\":5}",
        "/api/generate | {\"topic\":\"tides\",\"num_questions\":51}",
        "/api/generate | {\"topic\":\"tides\",\"num_questions\":0}",
        "/api/generate | {\"topic\":\"tides\",\"chunks\":\"none\"}",
        "/api/grade | {\"exam_id\":\"ex-1\"}",
        "/api/grade | {\"answers\":{}}",
        "/api/grade | {\"exam_id\":\"ex-1\",\"answers\":{\"q1\":2}}",
        "/api/grade | {\"exam_id\":\"ex-1\",\"answers\":[\"b\"]}"
      })
  void whatIsNotARequestIsRefused(String path, String body) throws Exception {
    var response = tools.post(path, body);

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(Tools.json(response).get("detail").asText()).startsWith("The body has to be");
  }

  @Test
  void anUnknownPathIsNotFound() throws Exception {
    assertThat(tools.get("/nothing").statusCode()).isEqualTo(404);
  }

  private static Map<String, Object> asked(String field, String word) {
    return Map.of(field, "tides [" + word + "]", "answers", Map.of("q1", "b"));
  }

  private static JsonNode grade(JsonNode quiz, Map<String, String> answers) throws Exception {
    return tools.call(
        "/api/grade", Map.of("exam_id", quiz.get("exam_id").asText(), "answers", answers));
  }

  /// The one option of each question that says that the note explains it.
  private static Map<String, String> rightAnswers(JsonNode quiz) {
    var right = new LinkedHashMap<String, String>();
    for (var question : quiz.get("questions")) {
      question
          .get("options")
          .properties()
          .forEach(
              option -> {
                if (option.getValue().asText().equals("It explains it.")) {
                  right.put(question.get("id").asText(), option.getKey());
                }
              });
    }
    return right;
  }

  private static List<JsonNode> list(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).toList();
  }
}
