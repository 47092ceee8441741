package dev.agentrooms.agent.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.agent.Given;
import dev.agentrooms.agent.session.Planner.Plan;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("unit")
class WorkflowTest {

  private final Workflow workflow = new Workflow(new RulePlanner(), 7, 4);

  @ParameterizedTest
  @CsvSource({
    "CREATE_QUIZ, intent_determined start_retrieval retrieval_done start_generate_exam"
        + " generate_done final_answer",
    "EVALUATE, intent_determined start_grading grading_done final_answer",
    "ANSWER, intent_determined start_retrieval retrieval_done final_answer",
  })
  void anIntentHasItsSteps(Intent intent, String steps) {
    assertThat(Workflow.steps(intent)).containsExactly(steps.split(" "));
  }

  @ParameterizedTest
  @EnumSource
  void everyIntentHasStages(Intent intent) {
    assertThat(Workflow.stages(intent)).isNotEmpty();
  }

  @Test
  void aSearchIsGivenTheQuestion() {
    assertThat(input(Given.spec("r", Given.QUIZ), Intent.CREATE_QUIZ, 0))
        .isEqualTo("{\"query\":\"Create a quiz about photosynthesis\",\"top_k\":7}");
  }

  @ParameterizedTest
  @CsvSource({"9, 3, 9", ", 3, 3", ", , 4"})
  void theNumberOfQuestionsIsTheRequestsOrThePlansOrTheDefault(
      @Nullable Integer asked, @Nullable Integer planned, int sent) {
    RunSpec spec = Given.spec("r", Given.QUIZ, asked, null);
    Run run =
        Run.of(spec)
            .started(new Plan(Intent.CREATE_QUIZ, "light", planned), Given.T0)
            .at(1, 1, true);
    assertThat(String.valueOf(workflow.input(run)))
        .isEqualTo("{\"topic\":\"light\",\"num_questions\":" + sent + ",\"chunks\":[]}");
  }

  @Test
  void gradingIsGivenTheSubmission() {
    assertThat(input(Given.spec("r", "x", null, Given.SUBMISSION), Intent.EVALUATE, 0))
        .isEqualTo("{\"exam_id\":\"ex-1\",\"answers\":{\"q1\":\"b\"}}");
    assertThat(input(Given.spec("r", "x"), Intent.EVALUATE, 0)).isEqualTo("null");
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
    assertThat(Workflow.isTerminal(step)).isEqualTo(isTerminal);
  }

  private String input(RunSpec spec, Intent intent, int stage) {
    Run run = Run.of(spec).started(new Plan(intent, "light", null), Given.T0).at(stage, 1, true);
    return String.valueOf(workflow.input(run));
  }
}
