package dev.agentrooms.agent.session;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.agent.session.SessionCommand.Key;
import dev.agentrooms.agent.session.SessionCommand.Turn;
import dev.agentrooms.agent.session.SessionEvent.RunEvent;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.OnBusy;
import dev.agentrooms.protocol.ProgressEvent;
import dev.agentrooms.protocol.RunRequest;
import dev.agentrooms.protocol.Submission;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A made-up session that has had a run of each intent. The code that makes real ones makes it, so
/// whatever words that uses, the dictionary of [SleepingSession] has them.
final class SampleSession {

  private static final String ID = "s-00000000-0000-0000-0000-000000000000";
  private static final Instant AT = Instant.parse("2026-01-01T00:00:00.001Z");

  private final Workflow workflow = new Workflow(new RulePlanner(), 5, 5);
  private final SessionDecisions decisions = new SessionDecisions(workflow, 1);
  private final List<ProgressEvent> events = new ArrayList<>();
  private SessionState state = SessionState.ABSENT;

  static SleepingSession make() {
    SampleSession sample = new SampleSession();
    // The nearer the end, the less a word of it takes.
    sample.run("Check my answers", new Submission("ex-1", Map.of("q1", "a")), null);
    sample.run("Create a quiz about the sea", null, new Key("k-1", "b-1"));
    sample.run("What is the sea?", null, null);
    return new SleepingSession(sample.state, sample.events);
  }

  private void run(String question, @Nullable Submission submission, @Nullable Key key) {
    String runId = "r-00000000-0000-0000-0000-00000000000" + state.ended().size();
    RunRequest request = new RunRequest(ID, question, OnBusy.REJECT, null, submission, null);
    Trace trace = new Trace("0".repeat(32), "01");
    RunSpec spec = RunSpec.of(runId, ID, request, AT, trace);
    tell(
        new SessionCommand.Start(
            spec, OnBusy.REJECT, key == null ? List.of() : List.of(key), Turn.NOW));
    for (var run = state.inFlight(); run.isPresent(); run = state.inFlight()) {
      ToolResult answer = new ToolResult.Succeeded(answer(run.get().stage().tool()));
      tell(new SessionCommand.EndCall(run.get().callId(), answer));
    }
  }

  private void tell(SessionCommand command) {
    for (SessionEvent event : decisions.decide(state, command, AT)) {
      SessionState before = state;
      state = state.evolve(event, 3);
      if (event instanceof RunEvent runEvent) {
        before
            .run(runEvent.runId())
            .flatMap(run -> Narrator.tell(run, runEvent))
            .ifPresent(events::add);
      }
    }
  }

  private static JsonNode answer(Tool tool) {
    String json =
        switch (tool) {
          case RAG_SEARCH ->
              """
              {"chunks":[{"id":"c1","text":"The sea is salty.","source":"sea.md","score":0.9}]}""";
          case RAG_ANSWER ->
              """
              {"answer":"The sea is","chunks":[{"id":"c1","text":"","source":"","score":0.9}]}""";
          case GENERATE_EXAM ->
              """
              {"exam_id":"ex-1","title":"The sea","questions":[
              {"id":"q1","text":"Which of the","options":{"a":"The","b":"A","c":"It","d":"No"}}]}""";
          case GRADE_EXAM ->
              """
              {"exam_id":"ex-1","score":1,"max_score":1,"items":[
              {"question_id":"q1","correct":true,"expected":"a","comment":"Right"}]}""";
        };
    return Json.parse(json.getBytes(StandardCharsets.UTF_8));
  }
}
