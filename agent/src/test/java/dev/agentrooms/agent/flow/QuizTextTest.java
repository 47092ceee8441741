package dev.agentrooms.agent.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.agent.Given;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class QuizTextTest {

  @Test
  void anAnswerIsItsText() {
    assertThat(new QuizAgent(5, 5).text("answer", Given.answer("rag_answer")))
        .isEqualTo("Rayleigh scattering.");
  }

  @Test
  void aQuizIsItsTitleAndItsQuestionsWithTheirOptions() {
    assertThat(QuizText.quiz(Given.answer("generate_exam")))
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
    assertThat(QuizText.grade(Given.json(grade)))
        .isEqualTo(
            """
            Score: 1.5 of 3

            q1: right. Right
            q2: wrong, expected a
            q3: ?""");
  }

  @Test
  void whatIsMissingOrOddIsNoObstacle() {
    assertThat(new QuizAgent(5, 5).text("answer", Given.json("{}"))).isEmpty();
    assertThat(QuizText.quiz(Given.json("{\"questions\":[{\"text\":\"Why?\"}]}")))
        .isEqualTo("1. Why?");
    assertThat(QuizText.grade(Given.json("{\"score\":{},\"items\":7}"))).isEqualTo("Score:  of ");
  }
}
