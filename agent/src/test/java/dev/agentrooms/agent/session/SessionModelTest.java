package dev.agentrooms.agent.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.agent.Story;
import dev.agentrooms.agent.flow.QuizAgent;
import dev.agentrooms.protocol.ProgressEvent;
import dev.agentrooms.protocol.RunStatus;
import dev.agentrooms.protocol.StepWords;
import dev.agentrooms.tools.ToolResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/// With any commands in any order, runs keep their invariants.
@Tag("unit")
class SessionModelTest {

  private Story story = new Story();

  @Property(tries = 1000)
  void everyRunEndsOnceAndIsSilentAfterwards(
      @ForAll @Size(max = 60) List<@IntRange(max = 21) Integer> commands) {
    story = new Story();
    for (int command : commands) {
      story.tell(story.any(command));
      assertAtMostOneInFlight();
    }
    // The remaining runs are cancelled, and their tools stop.
    for (Run run : story.state().runs().reversed()) {
      story.tell(new SessionCommand.Cancel(run.runId(), "requested"));
    }
    story.state().inFlight().ifPresent(run -> story.toolAnswers(new ToolResult.Stopped()));
    assertThat(story.state().runs()).isEmpty();

    Map<String, List<ProgressEvent>> byRun = new LinkedHashMap<>();
    for (ProgressEvent event : story.progress()) {
      byRun.computeIfAbsent(String.valueOf(event.runId()), id -> new ArrayList<>()).add(event);
    }
    assertThat(byRun.keySet()).containsExactlyInAnyOrderElementsOf(story.started());
    byRun.forEach(SessionModelTest::assertWholeStory);
  }

  private void assertAtMostOneInFlight() {
    List<Run> runs = story.state().runs();
    for (int i = 0; i < runs.size(); i++) {
      assertThat(i == 0 || runs.get(i).status() == RunStatus.QUEUED).isTrue();
      assertThat(runs.get(i).status().isFinal()).isFalse();
    }
  }

  private static void assertWholeStory(String runId, List<ProgressEvent> events) {
    for (int i = 0; i < events.size(); i++) {
      ProgressEvent event = events.get(i);
      assertThat(event.eventId()).isEqualTo(runId + "." + (i + 1));
      assertThat(StepWords.isTerminal(event.step())).isEqualTo(i + 1 == events.size());
      assertThat(i == 0 || !event.step().equals("queued")).isTrue();
    }
    List<String> steps =
        events.stream()
            .map(ProgressEvent::step)
            .filter(step -> !step.equals("queued") && !step.equals("tool_retry"))
            .toList();
    List<String> whole = new ArrayList<>();
    for (String intent : List.of("answer", "create_quiz")) {
      whole.addAll(QuizAgent.steps(intent));
    }
    // Until its end it had all steps of its intent, in order.
    List<String> went =
        steps.subList(0, steps.size() - 1).stream().filter(s -> !s.equals("tool_error")).toList();
    assertThat(
            went.equals(QuizAgent.steps("answer").subList(0, Math.min(3, went.size())))
                || went.equals(QuizAgent.steps("create_quiz").subList(0, went.size())))
        .as(steps.toString())
        .isTrue();
    assertThat(whole).containsAll(went);
  }
}
