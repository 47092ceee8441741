package dev.agentrooms.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentrooms.app.cli.Question.Given;
import dev.agentrooms.protocol.Decision;
import dev.agentrooms.protocol.Json;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class QuestionTest {

  private static Question question(String json) {
    return new Question(Json.parse(json.getBytes(UTF_8)));
  }

  private static final Question TEXT =
      question(
          "{\"input_id\":\"i\",\"prompt\":\"Send it?\",\"value\":\"Hello\",\"editable\":true}");
  private static final Question CHOICE =
      question("{\"input_id\":\"i\",\"prompt\":\"Which?\",\"options\":[\"red\",\"blue\"]}");
  private static final Question CALL =
      question(
          "{\"input_id\":\"i\",\"prompt\":\"May it?\",\"tool\":\"pay\",\"arguments\":{\"euro\":5}}");

  private static Optional<Given> typed(Question question, String... lines) {
    Queue<String> typed = new ArrayDeque<>(List.of(lines));
    return question.answeredBy(prompt -> typed.poll());
  }

  @Test
  void whatIsAskedIsShownWithWhatWouldBeDone() {
    assertThat(TEXT.words()).isEqualTo("Send it?\n  value: Hello");
    assertThat(CHOICE.words()).isEqualTo("Which?\n  1. red\n  2. blue");
    assertThat(CALL.words()).isEqualTo("May it?\n  tool: pay\n  arguments: {\"euro\":5}");
  }

  @Test
  void yesAndNoAreDecisions() {
    assertThat(typed(TEXT, "y")).contains(new Given(Decision.APPROVE, null, null));
    assertThat(typed(CALL, "N")).contains(new Given(Decision.REJECT, null, null));
  }

  @Test
  void otherWordsReplaceWhatMayBeEditedAndNothingElse() {
    assertThat(typed(TEXT, "", "Good day")).contains(new Given(Decision.APPROVE, "Good day", null));
    assertThat(typed(CALL, "Good day", "y")).contains(new Given(Decision.APPROVE, null, null));
  }

  @Test
  void anOptionIsChosenByItsNumber() {
    assertThat(typed(CHOICE, "y", "3", "2")).contains(new Given(Decision.APPROVE, "blue", null));
  }

  @Test
  void atTheEndOfTheInputNobodyHasAnswered() {
    assertThat(typed(TEXT)).isEmpty();
  }

  @Test
  void aValueIsTextOrJsonByWhatWasShown() {
    Given given = new Given(Decision.APPROVE, "{\"n\":7}", "so be it");
    assertThat(TEXT.answer("s", "r", given))
        .hasToString(
            "{\"session_id\":\"s\",\"run_id\":\"r\",\"input_id\":\"i\",\"decision\":\"approve\","
                + "\"value\":\"{\\\"n\\\":7}\",\"comment\":\"so be it\"}");
    Question form = question("{\"input_id\":\"i\",\"value\":{\"n\":1},\"editable\":true}");
    assertThat(form.answer("s", "r", given).path("value").path("n").asInt()).isEqualTo(7);
    assertThatThrownBy(() -> form.answer("s", "r", new Given(Decision.APPROVE, "{", null)))
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("must be JSON");
  }
}
