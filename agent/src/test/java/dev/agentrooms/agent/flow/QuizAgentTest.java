package dev.agentrooms.agent.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import dev.agentrooms.agent.Given;
import dev.agentrooms.agent.Story;
import dev.agentrooms.protocol.StepWords;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("unit")
class QuizAgentTest {

  private final Story story = new Story(new QuizAgent(7, 4), Given.tools());

  @ParameterizedTest
  @CsvSource({
    "create_quiz, intent_determined start_retrieval retrieval_done start_generate_exam"
        + " generate_done final_answer",
    "evaluate, intent_determined start_grading grading_done final_answer",
    "answer, intent_determined start_retrieval retrieval_done final_answer",
  })
  void anIntentHasItsSteps(String intent, String steps) {
    assertThat(QuizAgent.steps(intent)).containsExactly(steps.split(" "));
  }

  @Test
  void aSearchIsGivenTheQuestion() {
    story.with(Given.spec("r", Given.QUIZ));
    assertThat(arguments())
        .isEqualTo("{\"query\":\"Create a quiz about photosynthesis\",\"top_k\":7}");
  }

  @ParameterizedTest
  @CsvSource({
    "9, Create a quiz with 3 questions about light, 9",
    ", Create a quiz with 3 questions about light, 3",
    ", Create a quiz about light, 4"
  })
  void theNumberOfQuestionsIsTheRequestsOrItsWordsOrTheDefault(
      @Nullable Integer asked, String question, int sent) {
    story.with(Given.spec("r", question, asked, null));
    story.toolAnswers(Given.success("rag_search"));
    assertThat(arguments()).contains("\"num_questions\":" + sent + ",\"chunks\":[{");
  }

  @ParameterizedTest
  @CsvSource({
    "9, Create a quiz with 3 questions about light, 9, true",
    ", Create a quiz with 3 questions about light, 3, false",
    ", Create a quiz about light, 4, false",
    "4, Create a quiz about light, 4, true",
    "9, Why is light white?, , "
  })
  void itSaysWhetherTheRequestItselfNamedTheNumber(
      @Nullable Integer asked,
      String question,
      @Nullable Integer number,
      @Nullable Boolean isAsked) {
    JsonNode shown = new QuizAgent(7, 4).plan(Given.spec("r", question, asked, null)).shown();
    assertThat(shown.get("num_questions"))
        .isEqualTo(number == null ? null : IntNode.valueOf(number));
    assertThat(shown.get("num_questions_asked"))
        .isEqualTo(isAsked == null ? null : BooleanNode.valueOf(isAsked));
  }

  @Test
  void gradingIsGivenTheSubmission() {
    story.with(Given.spec("r", "x", null, Given.SUBMISSION));
    assertThat(arguments()).isEqualTo("{\"exam_id\":\"ex-1\",\"answers\":{\"q1\":\"b\"}}");
  }

  @ParameterizedTest
  @CsvSource({
    "final_answer, true",
    "cancelled, true",
    "queued, false",
    "tool_error, false",
    "events_lost, false"
  })
  void twoStepsEndARun(String step, boolean isTerminal) {
    assertThat(StepWords.isTerminal(step)).isEqualTo(isTerminal);
  }

  private String arguments() {
    return String.valueOf(Objects.requireNonNull(story.last().meta()).get("arguments"));
  }
}
