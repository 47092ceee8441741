package dev.agentrooms.agent.session;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.agent.Given;
import dev.agentrooms.agent.session.SessionCommand.Key;
import dev.agentrooms.agent.session.SessionCommand.Turn;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.OnBusy;
import dev.agentrooms.protocol.RunRequest;
import dev.agentrooms.protocol.Submission;
import dev.agentrooms.tools.ToolResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes the sample session, with a run of each intent, by the real code, so that the dictionary
/// of [SleepingSession] has the same JSON as real sessions.
final class SampleSession {

  private static final String ID = "s-00000000-0000-0000-0000-000000000000";
  private static final Instant AT = Instant.parse("2026-01-01T00:00:00.001Z");

  private final SessionDecisions decisions = Given.decisions();
  private final SessionMemory memory =
      new SessionMemory(new Narrator(Given.agent(), Given.tools()), 3, 50);

  static SleepingSession make() {
    SampleSession sample = new SampleSession();
    // Matches near the end of the dictionary compress best.
    sample.run("Check my answers", new Submission("ex-1", Map.of("q1", "a")), null);
    sample.run("Create a quiz about the sea", null, new Key("k-1", "b-1"));
    sample.run("What is the sea?", null, null);
    return sample.memory.asleep();
  }

  private void run(String question, @Nullable Submission submission, @Nullable Key key) {
    String runId = "r-00000000-0000-0000-0000-00000000000" + memory.state().ended().size();
    RunRequest request =
        new RunRequest(ID, question, OnBusy.REJECT, null, submission, null, null, null);
    Trace trace = new Trace("0".repeat(32), "01");
    RunSpec spec = RunSpec.of(runId, ID, request, AT, trace);
    tell(
        new SessionCommand.Start(
            spec, OnBusy.REJECT, key == null ? List.of() : List.of(key), Turn.NOW));
    for (Step open = open(); open != null; open = open()) {
      ToolResult answer = new ToolResult.Succeeded(answer(open.call().tool()));
      tell(new SessionCommand.EndAttempt(open.attemptId(), answer));
    }
  }

  private @Nullable Step open() {
    return memory.state().inFlight().stream()
        .flatMap(run -> run.openSteps().stream())
        .findFirst()
        .orElse(null);
  }

  private void tell(SessionCommand command) {
    memory.add(decisions.decide(memory.state(), command, AT));
  }

  private static JsonNode answer(String tool) {
    String json =
        switch (tool) {
          case "rag_search" ->
              """
              {"chunks":[{"id":"c1","text":"The sea is salty.","source":"sea.md","score":0.9}]}""";
          case "rag_answer" ->
              """
              {"answer":"The sea is","chunks":[{"id":"c1","text":"","source":"","score":0.9}]}""";
          case "generate_exam" ->
              """
              {"exam_id":"ex-1","title":"The sea","questions":[
              {"id":"q1","text":"Which of the","options":{"a":"The","b":"A","c":"It","d":"No"}}]}""";
          default ->
              """
              {"exam_id":"ex-1","score":1,"max_score":1,"items":[
              {"question_id":"q1","correct":true,"expected":"a","comment":"Right"}]}""";
        };
    return Json.parse(json.getBytes(StandardCharsets.UTF_8));
  }

  /// Writes the sample to the given file (`sample.json`).
  public static void main(String[] arguments) throws IOException {
    Files.write(Path.of(arguments[0]), make().json());
  }
}
