package dev.agentrooms.agent.session;

import static dev.agentrooms.agent.session.SessionDecisionsTest.words;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.agentrooms.agent.Given;
import dev.agentrooms.agent.Story;
import dev.agentrooms.protocol.Decision;
import dev.agentrooms.protocol.InputKind;
import dev.agentrooms.protocol.RunStatus;
import dev.agentrooms.tools.InputRequest;
import dev.agentrooms.tools.RemoteAnswer;
import dev.agentrooms.tools.ToolResult;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A tool that cannot go on before a person has answered, and what comes of the answers.
@Tag("unit")
class AskingToolTest {

  private static final ToolResult TWO_QUESTIONS =
      new ToolResult.Asks(List.of(question("colour", "red"), question("size", "small")));

  private final Story story = new Story().with(Given.spec("r-1", Given.ASK));

  private static InputRequest question(String name, String value) {
    return new InputRequest(
        InputKind.ASK, name, "Which?", null, null, new TextNode(value), true, null, List.of());
  }

  private String answer(int input, Decision decision, @Nullable JsonNode value) {
    return words(
        story.tell(new SessionCommand.Answer("r-1", "r-1.input." + input, decision, value, null)));
  }

  private Step open() {
    return story.state().inFlight().orElseThrow().openSteps().getFirst();
  }

  private String turn() {
    return words(story.tell(new SessionCommand.TakeTurn("r-1")));
  }

  @Test
  void itsQuestionsArePutOneAfterTheOtherAndItIsCalledAgainWithAllAnswers() {
    assertThat(words(story.toolAnswers(TWO_QUESTIONS))).isEqualTo("asked");
    assertThat(story.state().inFlight().map(Run::status)).contains(RunStatus.WAITING);
    assertThat(answer(1, Decision.APPROVE, new TextNode("blue"))).isEqualTo("answered asked");
    assertThat(story.state().inFlight().map(Run::status)).contains(RunStatus.WAITING);
    assertThat(turn()).as("it still waits").isEqualTo("-");
    // A tool is told of a rejection, and decides itself what follows.
    assertThat(answer(2, Decision.REJECT, null)).isEqualTo("answered");
    assertThat(turn()).isEqualTo("retried");

    assertThat(open().call().arguments())
        .isEqualTo(
            RemoteAnswer.arguments(
                List.of(
                    new RemoteAnswer("colour", true, new TextNode("blue")),
                    new RemoteAnswer("size", false, null))));
    assertThat(open().id()).isEqualTo("r-1.retrieval.1");
    assertThat(open().attempt()).isEqualTo(2);
    assertThat(words(story.toolAnswers(Given.success("rag_answer")))).isEqualTo("done succeeded");
    assertThat(story.steps())
        .containsExactly(
            "intent_determined",
            "start_retrieval",
            "input_required",
            "input_received",
            "input_required",
            "input_received",
            "retrieval_done",
            "final_answer");
  }

  @Test
  void itMayAskAgainAndTheRunCountsItsInputs() {
    story.toolAnswers(new ToolResult.Asks(List.of(question("colour", "red"))));
    answer(1, Decision.APPROVE, null);
    turn();
    assertThat(words(story.toolAnswers(new ToolResult.Asks(List.of(question("size", "small"))))))
        .isEqualTo("asked");
    assertThat(Objects.requireNonNull(open().input()).id()).isEqualTo("r-1.input.2");
    assertThat(open().attempt()).isEqualTo(3);
  }

  @Test
  void aRestartLeavesItWaitingAndCallsItOnceItIsAnswered() {
    story.toolAnswers(TWO_QUESTIONS);
    assertThat(words(story.tell(new SessionCommand.Resume()))).isEqualTo("-");
    answer(1, Decision.APPROVE, null);
    assertThat(words(story.tell(new SessionCommand.Resume()))).isEqualTo("-");
    answer(2, Decision.APPROVE, null);
    assertThat(words(story.tell(new SessionCommand.Resume()))).isEqualTo("retried");
    assertThat(words(story.tell(new SessionCommand.Resume()))).isEqualTo("interrupted");
  }

  @Test
  void aCancelWhileItWaitsEndsTheRunAtOnceAndItsLateAnswerChangesNothing() {
    story.toolAnswers(TWO_QUESTIONS);
    assertThat(words(story.tell(new SessionCommand.Cancel(null, "requested"))))
        .isEqualTo("cancel cancelled");
    assertThat(answer(1, Decision.APPROVE, null)).isEqualTo("-");
  }

  @Test
  void theTimeToAnswerEndsTheRun() {
    story.toolAnswers(TWO_QUESTIONS);
    assertThat(words(story.tell(new SessionCommand.ExpireInputs()))).isEqualTo("-");
    Run run = story.state().inFlight().orElseThrow();
    List<SessionEvent> late =
        Given.decisions()
            .decide(
                story.state(),
                new SessionCommand.ExpireInputs(),
                Objects.requireNonNull(run.openSteps().getFirst().input()).expiresAt());
    assertThat(words(late)).isEqualTo("failed");
  }
}
