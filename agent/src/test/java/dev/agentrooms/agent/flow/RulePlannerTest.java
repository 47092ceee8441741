package dev.agentrooms.agent.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.agent.flow.RulePlanner.Wish;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class RulePlannerTest {

  private final RulePlanner planner = new RulePlanner();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Create a quiz about photosynthesis              | photosynthesis",
        "create quiz on the French Revolution            | the French Revolution",
        "Please make me a test about World War II        | World War II",
        "Generate 10 questions about enzymes.            | enzymes",
        "Can you prepare an exam covering linear algebra?| linear algebra",
        "I want you to write a test on Java generics     | Java generics",
        "Give me a quiz on DNA                           | DNA",
        "Design a questionnaire regarding sleep          | sleep",
        "Quiz me on the periodic table                   | the periodic table",
        "A quiz about volcanoes                          | volcanoes",
        "CREATE A QUIZ ABOUT GRAVITY!                    | GRAVITY",
        "Create a quiz: tides                            | tides",
        "Create a quiz                                   | Create a quiz",
        "Создай тест по фотосинтезу                      | фотосинтезу",
        "Составь викторину на тему Великая революция     | Великая революция",
        "Сделай, пожалуйста, 5 вопросов о митохондриях   | митохондриях",
        "Придумай квиз про планеты                       | планеты",
        "Подготовьте экзамен по теме «Клетка»            | Клетка",
        "Можешь составить тест по биологии?              | биологии",
        "Напиши вопросы о Пушкине                        | Пушкине",
        "Дай тест по химии                               | химии",
        "Викторина о космосе                             | космосе",
        "Тест по физике                                  | физике",
        "СОЗДАЙ ТЕСТ ПО АЛГЕБРЕ                          | АЛГЕБРЕ",
        "Пожалуйста, создай опрос об океанах             | океанах",
      })
  void whoAsksForAQuizGetsOneAboutTheTopic(String question, String topic) {
    Wish plan = planner.plan(question);
    assertThat(plan.intent()).isEqualTo(QuizAgent.CREATE_QUIZ);
    assertThat(plan.topic()).isEqualTo(topic);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Grade my answers",
        "Please check my solutions to the exam",
        "Evaluate this submission",
        "Score my test",
        "Mark my homework, please",
        "Could you assess the responses?",
        "Check my quiz and then create a new quiz",
        "Проверь мои ответы",
        "Проверьте, пожалуйста, решение",
        "Оцени мою работу",
        "проверить экзамен",
        "ОЦЕНИТЕ ОТВЕТЫ",
      })
  void whoHandsInAnswersHasThemEvaluated(String question) {
    assertThat(planner.plan(question)).isEqualTo(new Wish(QuizAgent.EVALUATE, question, null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "What is photosynthesis?",
        "What is a quiz?",
        "How do I create a quiz?",
        "Why did they grade the answers so low?",
        "Explain how to make a test",
        "Photosynthesis",
        "Tell me about tests in Java",
        "create. quiz",
        "recreate a quizzical look",
        "The teacher checked answers",
        "I like to create music",
        "Что такое тест?",
        "Как создать викторину?",
        "Почему небо голубое?",
        "Объясни, как проверить ответы",
        "Расскажи про экзамены",
        "Фотосинтез",
        "Создай музыку",
        "?!",
        "🌱",
        "5",
      })
  void everythingElseIsAnswered(String question) {
    assertThat(planner.plan(question)).isEqualTo(new Wish(QuizAgent.ANSWER, question, null));
  }

  @Test
  void theFirstOfTwoRequestsCounts() {
    assertThat(planner.plan("Create a quiz and grade my answers").intent())
        .isEqualTo(QuizAgent.CREATE_QUIZ);
    assertThat(planner.plan("Grade my answers and create a quiz").intent())
        .isEqualTo(QuizAgent.EVALUATE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      value = {
        "Generate 10 questions about enzymes    | 10",
        "Create a quiz of 7 hard questions on X | 7",
        "Create a quiz with 50 questions        | 50",
        "Create a quiz with 51 questions        | none",
        "Create a quiz with 0 questions         | none",
        "Create a quiz with 1234 questions      | none",
        "Create a quiz about the year 1984      | none",
        "Create a 12-question quiz about light  | 12",
        "Составь тест из 12 вопросов по химии   | 12",
        "Сделай 1 вопрос о луне                 | 1",
      })
  void aQuestionMaySayHowMany(String question, @org.jspecify.annotations.Nullable Integer number) {
    assertThat(planner.plan(question).intent()).isEqualTo(QuizAgent.CREATE_QUIZ);
    assertThat(planner.plan(question).numQuestions()).isEqualTo(number);
  }

  @Test
  void noTopicIsBlank() {
    for (String question : new String[] {"create a quiz", "create a quiz ...", " «создай тест» "}) {
      assertThat(planner.plan(question).topic()).isEqualTo(question.strip());
    }
  }

  static Stream<String> nasty() {
    return Stream.of(
        "please ",
        "can you, ",
        "create ",
        "create a ",
        "quiz ",
        "a",
        " ",
        "\t,",
        "созда",
        "create quiz ",
        "5 ",
        "5 a ",
        "grade ",
        "проверь ",
        "по теме ",
        "about ",
        "please create quiz about  ",
        "«",
        "give me ",
        "тест",
        "\n",
        "i want you to ",
        "-",
        "a 5 questions ",
        "provide_",
        "create тест_");
  }

  /// For every pattern, four times the text means about four times the work.
  @ParameterizedTest
  @MethodSource("nasty")
  void theWorkGrowsWithTheLengthAndNotWithItsSquare(String part) {
    for (String[] around :
        new String[][] {
          {"", ""}, {"create a quiz", "x"}, {"создай ", "_"}, {"grade ", "!"}, {"5 ", ""}
        }) {
      for (Pattern pattern : RulePlanner.PATTERNS) {
        long small = work(pattern, text(around, part, 2000));
        long large = work(pattern, text(around, part, 8000));
        assertThat(large).as(pattern.pattern()).isLessThan(8 * small + 20_000);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("nasty")
  void theLongestQuestionIsPlanned(String part) {
    for (String[] around : new String[][] {{"", ""}, {"create a quiz", "x"}, {"создай ", "_"}}) {
      String question = text(around, part, 8000);
      assertThat(planner.plan(question).topic()).isNotNull();
    }
  }

  private static String text(String[] around, String part, int length) {
    String middle = part.repeat(length / part.length() + 1).substring(0, length);
    return around[0] + middle + around[1];
  }

  private static long work(Pattern pattern, String text) {
    Counting counting = new Counting(text);
    var matcher = pattern.matcher(counting);
    while (matcher.find()) {
      // To the end, as replaceAll does.
    }
    return counting.reads;
  }

  /// Counts reads of characters.
  private static final class Counting implements CharSequence {
    private final String text;
    private long reads;

    Counting(String text) {
      this.text = text;
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      reads++;
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.subSequence(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
