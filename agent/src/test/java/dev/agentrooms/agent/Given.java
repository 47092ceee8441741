package dev.agentrooms.agent;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.agent.flow.QuizAgent;
import dev.agentrooms.agent.session.Agent;
import dev.agentrooms.agent.session.Narrator;
import dev.agentrooms.agent.session.RunSpec;
import dev.agentrooms.agent.session.SessionCommand;
import dev.agentrooms.agent.session.SessionDecisions;
import dev.agentrooms.agent.session.Trace;
import dev.agentrooms.agent.telemetry.AgentMetrics;
import dev.agentrooms.agent.telemetry.RunTracer;
import dev.agentrooms.http.HttpAddress;
import dev.agentrooms.http.HttpLimits;
import dev.agentrooms.http.HttpSettings;
import dev.agentrooms.http.Settings;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.OnBusy;
import dev.agentrooms.protocol.RunRequest;
import dev.agentrooms.protocol.Submission;
import dev.agentrooms.store.Store;
import dev.agentrooms.store.StoreListener;
import dev.agentrooms.store.StoreSettings;
import dev.agentrooms.store.Stores;
import dev.agentrooms.tools.Definitions;
import dev.agentrooms.tools.ToolResult;
import dev.agentrooms.tools.Toolbox;
import dev.agentrooms.tools.Tools;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Fixtures of this module's tests.
public final class Given {

  public static final Duration ANSWER_TIME = Duration.ofHours(24);

  public static final Instant T0 = Instant.parse("2026-11-22T10:00:00Z");
  public static final String SESSION = "quiz1";
  public static final String ASK = "Why is the sky blue?";
  public static final String QUIZ = "Create a quiz about photosynthesis";
  public static final Submission SUBMISSION = new Submission("ex-1", Map.of("q1", "b"));

  private static final Tools NOWHERE = tools(URI.create("http://127.0.0.1:1"));

  private Given() {}

  /// How often the expensive tests repeat their work; ten times as often with `./dev test
  /// -Pstress`.
  public static int stress(int times) {
    return times * Integer.getInteger("stress.factor", 1);
  }

  public static Agent agent() {
    return new QuizAgent(5, 5);
  }

  public static SessionDecisions decisions() {
    return new SessionDecisions(agent(), tools(), ANSWER_TIME);
  }

  /// The built-in tools, without a service behind them.
  public static Tools tools() {
    return NOWHERE;
  }

  /// The built-in tools, served at `url`.
  public static Tools tools(URI url) {
    return tools(url, Map.of());
  }

  /// The same, with other settings, too.
  public static Tools tools(URI url, Map<String, String> more) {
    Map<String, String> settings = new HashMap<>(more);
    settings.put("agent.tools.rag.url", url + "/");
    settings.put("agent.tools.test-generator.url", url.toString());
    return DeclaredTools.from(Settings.of(Settings.load(settings)), Set.of(), Additions.NONE)
        .tools();
  }

  public static RunSpec spec(String runId, String question) {
    return spec(runId, question, null, null);
  }

  public static RunSpec spec(
      String runId,
      String question,
      @Nullable Integer numQuestions,
      @Nullable Submission submission) {
    return spec(
        runId,
        new RunRequest(
            SESSION, question, OnBusy.REJECT, numQuestions, submission, null, null, null, null),
        SESSION);
  }

  /// A run of another session than the usual one.
  public static RunSpec specIn(String sessionId, String runId, String question) {
    return spec(runId, RunRequest.of(sessionId, question, OnBusy.REJECT), sessionId);
  }

  private static RunSpec spec(String runId, RunRequest request, String sessionId) {
    return RunSpec.of(
        runId, sessionId, request, T0, new Trace("0af7651916cd43dd8448eb211c80319c", "01"));
  }

  public static SessionCommand.Start start(String runId, OnBusy onBusy, SessionCommand.Turn turn) {
    return new SessionCommand.Start(spec(runId, ASK), onBusy, List.of(), turn);
  }

  /// Without metrics and traces.
  public static SessionWiring wiring(
      AgentSettings settings,
      SessionDecisions decisions,
      Toolbox toolbox,
      ProgressSink sink,
      RunSlots slots,
      Store store,
      InstantSource clock) {
    return new SessionWiring(
        settings,
        agent(),
        settings.tools().declared().tools(),
        decisions,
        new Narrator(agent(), settings.tools().declared().tools()),
        toolbox,
        sink,
        slots,
        store,
        new Backlog(),
        new AgentMetrics(new SimpleMeterRegistry()),
        RunTracer.OFF,
        clock);
  }

  /// An empty store.
  public static Store store() {
    return Stores.open(StoreSettings.inMemory(), InstantSource.system(), StoreListener.NONE);
  }

  /// Settings with which sessions are passivated; with the others they never are.
  public static AgentSettings sleepySettings(Duration sleepAfter, int keptRuns) {
    AgentSettings given = settings();
    return new AgentSettings(
        given.http(),
        given.shutdownGrace(),
        new AgentSettings.Session(
            given.session().ttl(), sleepAfter, 50, keptRuns, 1000, ANSWER_TIME),
        given.runs(),
        given.tools(),
        given.progress(),
        null);
  }

  /// Settings with which a session asks for the web UI that is away again after so long.
  public static AgentSettings settingsWithRetryAfter(Duration retryDelay) {
    AgentSettings given = settings();
    AgentSettings.Progress progress = given.progress();
    return new AgentSettings(
        given.http(),
        given.shutdownGrace(),
        given.session(),
        given.runs(),
        given.tools(),
        new AgentSettings.Progress(
            progress.sink(),
            progress.url(),
            progress.timeout(),
            retryDelay,
            progress.outboxSize(),
            progress.outboxTtl()),
        null);
  }

  public static AgentSettings settings() {
    return settings(URI.create("http://127.0.0.1:1"), 4 * 1024 * 1024);
  }

  public static AgentSettings settings(URI tools, int maxAnswerSize) {
    return new AgentSettings(
        new HttpSettings(
            new HttpAddress("agent.http", "127.0.0.1", 0),
            new HttpLimits(
                Duration.ofSeconds(20),
                Duration.ofSeconds(20),
                Duration.ofSeconds(20),
                Duration.ofSeconds(20),
                1000,
                1000,
                64 << 20),
            null,
            false,
            false),
        Duration.ofSeconds(20),
        new AgentSettings.Session(
            Duration.ofMinutes(5), Duration.ofHours(1), 50, 50, 3, ANSWER_TIME),
        new AgentSettings.Runs(64, 1024, 512),
        new AgentSettings.Tools(
            5, 5, Duration.ofSeconds(2), maxAnswerSize, new Definitions(tools(tools), List.of())),
        new AgentSettings.Progress(
            AgentSettings.SinkKind.HTTP,
            tools,
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            1000,
            Duration.ofMinutes(10)),
        null);
  }

  /// A successful answer of `tool`.
  public static JsonNode answer(String tool) {
    return json(
        switch (tool) {
          case "rag_search" ->
              """
              {"chunks":[{"id":"c1","text":"Plants make sugar.","source":"bio.md","score":0.9}]}
              """;
          case "rag_answer" ->
              """
              {"answer":"Rayleigh scattering.","chunks":[{"id":"c1","text":"t","score":0.9}]}
              """;
          case "generate_exam" ->
              """
              {"exam_id":"ex-1","title":"Photosynthesis","questions":[
               {"id":"q1","text":"What do plants make?","options":{"a":"Iron","b":"Sugar"}},
               {"id":"q2","text":"From what?","options":{"a":"Light","b":"Noise"}}]}
              """;
          default ->
              """
              {"exam_id":"ex-1","score":1,"max_score":1,"items":[
               {"question_id":"q1","correct":true,"expected":"b","comment":"Right"}]}
              """;
        });
  }

  public static ToolResult.Succeeded success(String tool) {
    return new ToolResult.Succeeded(answer(tool));
  }

  public static ToolResult.Failed refused() {
    return new ToolResult.Failed(
        ToolResult.Reason.CONNECTION_REFUSED, null, "The service cannot be reached.");
  }

  public static ToolResult.Failed status(int status) {
    return new ToolResult.Failed(
        ToolResult.Reason.HTTP_STATUS, status, "The service answered " + status + ".");
  }

  public static JsonNode json(String text) {
    return Json.parse(text.getBytes(StandardCharsets.UTF_8));
  }
}
