package dev.agentrooms.agent.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.agent.Given;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class AnswerTextTest {

  @Test
  void anAnswerIsItsText() {
    assertThat(AnswerText.of(Intent.ANSWER, Given.answer(Tool.RAG_ANSWER)))
        .isEqualTo("Rayleigh scattering.");
  }

  @Test
  void aQuizIsItsTitleAndItsQuestionsWithTheirOptions() {
    assertThat(AnswerText.of(Intent.CREATE_QUIZ, Given.answer(Tool.GENERATE_EXAM)))
        .isEqualTo(
            """
            Photosynthesis

            1. What do plants make?
               a) Iron
               b) Sugar

            2. From what?
               a) Light
               b) Noise""");
  }

  @Test
  void aGradeIsItsScoreAndItsItems() {
    String grade =
        """
        {"exam_id":"ex-1","score":1.5,"max_score":3,"items":[
         {"question_id":"q1","correct":true,"expected":"b","comment":"Right"},
         {"question_id":"q2","correct":false,"expected":"a"},
         {"question_id":"q3"}]}
        """;
    assertThat(AnswerText.of(Intent.EVALUATE, Given.json(grade)))
        .isEqualTo(
            """
            Score: 1.5 of 3

            q1: right. Right
            q2: wrong, expected a
            q3: ?""");
  }

  @Test
  void whatIsMissingOrOddIsNoObstacle() {
    assertThat(AnswerText.of(Intent.ANSWER, Given.json("{}"))).isEmpty();
    assertThat(
            AnswerText.of(Intent.CREATE_QUIZ, Given.json("{\"questions\":[{\"text\":\"Why?\"}]}")))
        .isEqualTo("1. Why?");
    assertThat(AnswerText.of(Intent.EVALUATE, Given.json("{\"score\":{},\"items\":7}")))
        .isEqualTo("Score:  of ");
  }

  @Test
  void itsSizeIsThatOfItsBytes() {
    assertThat(AnswerText.bytes("я🌱a")).isEqualTo(7);
  }
}
