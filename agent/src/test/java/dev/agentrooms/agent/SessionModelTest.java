package dev.agentrooms.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.agent.Run.CallId;
import dev.agentrooms.agent.SessionCommand.Turn;
import dev.agentrooms.protocol.OnBusy;
import dev.agentrooms.protocol.ProgressEvent;
import dev.agentrooms.protocol.RunStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/// Whatever a session is told, in whatever order, its runs keep their promises.
class SessionModelTest {

  private Story story = new Story();
  private final List<String> started = new ArrayList<>();

  @Property(tries = 1000)
  void everyRunEndsOnceAndIsSilentAfterwards(
      @ForAll @Size(max = 60) List<@IntRange(max = 21) Integer> commands) {
    story = new Story();
    started.clear();
    for (int command : commands) {
      story.tell(command(command));
      assertAtMostOneInFlight();
    }
    // Whatever is left is cancelled, and its tool lets go.
    for (Run run : story.state().runs().reversed()) {
      story.tell(new SessionCommand.Cancel(run.runId(), "requested"));
    }
    story.state().inFlight().ifPresent(run -> story.toolAnswers(new ToolResult.Stopped()));
    assertThat(story.state().runs()).isEmpty();

    Map<String, List<ProgressEvent>> byRun = new LinkedHashMap<>();
    for (ProgressEvent event : story.progress()) {
      byRun.computeIfAbsent(String.valueOf(event.runId()), id -> new ArrayList<>()).add(event);
    }
    assertThat(byRun.keySet()).containsExactlyInAnyOrderElementsOf(started);
    byRun.forEach(SessionModelTest::assertWholeStory);
  }

  private SessionCommand command(int number) {
    CallId call = story.state().inFlight().map(Run::callId).orElse(new CallId("r-1", 0, 1));
    String current = story.state().current().map(Run::runId).orElse("r-1");
    String last = story.state().runs().isEmpty() ? "r-1" : story.state().runs().getLast().runId();
    Tool tool = story.state().inFlight().map(run -> run.stage().tool()).orElse(Tool.RAG_ANSWER);
    return switch (number) {
      case 0, 1 -> start(OnBusy.REJECT, Turn.NOW);
      case 2, 3 -> start(OnBusy.ENQUEUE, Turn.LATER);
      case 4 -> start(OnBusy.INTERRUPT, Turn.LATER);
      case 5, 6, 7 -> new SessionCommand.TakeTurn(current);
      case 8 -> new SessionCommand.TakeTurn(last);
      case 9, 10, 11 -> new SessionCommand.EndCall(call, Given.success(tool));
      case 12 -> new SessionCommand.EndCall(call, Given.refused());
      case 13 -> new SessionCommand.EndCall(call, Given.status(500));
      case 14 -> new SessionCommand.EndCall(call, new ToolResult.Stopped());
      case 15 ->
          new SessionCommand.EndCall(
              new CallId(call.runId(), call.stageIndex(), call.attempt() - 1), Given.success(tool));
      case 16 -> new SessionCommand.Retry(call);
      case 17 -> new SessionCommand.Cancel(last, "requested");
      case 18 -> new SessionCommand.Abandon(current);
      case 19 -> new SessionCommand.CancelAll("shutdown");
      case 20 -> new SessionCommand.Break(current, "internal error");
      default -> new SessionCommand.Delete("session_deleted");
    };
  }

  private SessionCommand start(OnBusy onBusy, Turn turn) {
    String runId = "r-" + (started.size() + 1);
    started.add(runId);
    String question = started.size() % 2 == 0 ? Given.QUIZ : Given.ASK;
    return new SessionCommand.Start(Given.spec(runId, question), onBusy, null, turn);
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
      assertThat(Workflow.isTerminal(event.step())).isEqualTo(i + 1 == events.size());
      assertThat(i == 0 || !event.step().equals("queued")).isTrue();
    }
    List<String> steps =
        events.stream()
            .map(ProgressEvent::step)
            .filter(step -> !step.equals("queued") && !step.equals("tool_retry"))
            .toList();
    List<String> whole = new ArrayList<>();
    for (Intent intent : new Intent[] {Intent.ANSWER, Intent.CREATE_QUIZ}) {
      whole.addAll(Workflow.steps(intent));
    }
    // Up to its end it went through the steps of its intent, leaving none out.
    List<String> went =
        steps.subList(0, steps.size() - 1).stream().filter(s -> !s.equals("tool_error")).toList();
    assertThat(
            went.equals(Workflow.steps(Intent.ANSWER).subList(0, Math.min(3, went.size())))
                || went.equals(Workflow.steps(Intent.CREATE_QUIZ).subList(0, went.size())))
        .as(steps.toString())
        .isTrue();
    assertThat(whole).containsAll(went);
  }
}
