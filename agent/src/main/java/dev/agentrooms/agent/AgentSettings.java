package dev.agentrooms.agent;

import dev.agentrooms.agent.flow.QuizAgent;
import dev.agentrooms.http.AllowedHosts;
import dev.agentrooms.http.BadSetting;
import dev.agentrooms.http.HttpSettings;
import dev.agentrooms.http.Origins;
import dev.agentrooms.http.Settings;
import dev.agentrooms.http.access.AccessSettings;
import dev.agentrooms.tools.Definitions;
import dev.agentrooms.tools.model.ModelSettings;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What an operator says of the agent; each is described in `reference.conf`.
///
/// @param model null when there is none
/// @param notes the folder of notes, and what works over it
/// @param planner what chooses a workflow where nothing else does
/// @param internalToken sent with each progress event, when there is one
/// @param tracingEndpoint where spans are sent, when they are
/// @param origins whose pages may send requests that change something
/// @param page what links to sessions begin with
public record AgentSettings(
    HttpSettings http,
    AllowedHosts hosts,
    Duration shutdownGrace,
    Session session,
    Runs runs,
    Tools tools,
    @Nullable ModelSettings model,
    NotesWiring notes,
    PlannerKind planner,
    Progress progress,
    @Nullable String internalToken,
    @Nullable URI tracingEndpoint,
    AccessSettings access,
    Origins origins,
    String page) {

  /// Under any name, without notes, without a model, and without traces.
  public AgentSettings(
      HttpSettings http,
      Duration shutdownGrace,
      Session session,
      Runs runs,
      Tools tools,
      Progress progress,
      @Nullable String internalToken) {
    this(
        http,
        AllowedHosts.ANY,
        shutdownGrace,
        session,
        runs,
        tools,
        null,
        NotesWiring.NONE,
        PlannerKind.RULES,
        progress,
        internalToken,
        null,
        AccessSettings.OPEN,
        Origins.parse(""),
        "http://127.0.0.1");
  }

  /// @param inputTimeout how long a run waits for a person
  public record Session(
      Duration ttl,
      Duration sleepAfter,
      int lastEvents,
      int keptRuns,
      int maxIdempotencyKeys,
      Duration inputTimeout) {}

  /// @param maxQueuedOfOne how many of those that wait may be of one user, or of one address
  public record Runs(int maxConcurrent, int maxQueued, int maxQueuedOfOne) {

    static Runs from(Settings settings) {
      int maxQueued = settings.integer("agent.runs.max-queued", 0, 1_000_000);
      String ofOne = "agent.runs.max-queued-per-user";
      return new Runs(
          settings.integer("agent.runs.max-concurrent", 1, 100_000),
          maxQueued,
          settings.text(ofOne).isEmpty()
              ? (maxQueued + 1) / 2
              : settings.integer(ofOne, 0, 1_000_000));
    }
  }

  /// @param cancelTimeout how long a tool may take to stop
  /// @param declared every tool there is, and the workflows that were declared
  public record Tools(
      int topK,
      int numQuestions,
      Duration cancelTimeout,
      int maxAnswerSize,
      Definitions declared) {}

  public record Progress(
      SinkKind sink,
      URI url,
      Duration timeout,
      Duration retryDelay,
      int outboxSize,
      Duration outboxTtl) {

    /// For an agent that has no web UI in its process.
    ///
    /// @throws BadSetting when its progress should go to one
    public void requireHttp() {
      if (sink == SinkKind.ROOM) {
        throw new BadSetting(
            "agent.progress.sink",
            "room needs the web UI in the same process; say http (AGENT_PROGRESS_SINK=http)");
      }
    }
  }

  /// What chooses the workflow for a question that neither names nor matches one.
  public enum PlannerKind {
    /// Key words, built in.
    RULES,
    /// The model, by the workflows' descriptions; the rules when it does not in time.
    MODEL
  }

  private static PlannerKind planner(Settings settings) {
    PlannerKind planner = settings.oneOf("agent.planner", PlannerKind.class);
    if (planner == PlannerKind.MODEL && settings.optionalUrl("agent.model.url") == null) {
      throw new BadSetting(
          "agent.planner", "model needs a model; say which (AGENT_MODEL_URL), or rules");
    }
    return planner;
  }

  /// Where progress goes.
  public enum SinkKind {
    ROOM,
    HTTP
  }

  /// Whether a tool calls this service, rather than another or none.
  public boolean call(URI service) {
    return tools.declared().tools().all().stream()
        .filter(tool -> !notes.here().contains(tool.name()))
        .anyMatch(tool -> tool.calls(service));
  }

  // Where links lead to: what the web UI calls itself, or where it listens.
  private static String page(Settings settings) {
    URI publicUrl = settings.optionalOrigin("webui.public-url");
    if (publicUrl != null) {
      return publicUrl.toString();
    }
    HttpSettings webUi = HttpSettings.from(settings, "webui.http");
    String host = webUi.address().host();
    return webUi.scheme()
        + "://"
        + (host.contains(":") ? "[" + host + "]" : host)
        + ":"
        + webUi.address().port();
  }

  /// @throws BadSetting naming the first setting that cannot be right
  public static AgentSettings from(Settings settings) {
    return from(settings, Additions.NONE);
  }

  /// @param additions tools and workflows besides those of the settings
  /// @throws BadSetting naming the first setting that cannot be right
  public static AgentSettings from(Settings settings, Additions additions) {
    HttpSettings http = HttpSettings.from(settings, "agent.http");
    return new AgentSettings(
        http,
        AllowedHosts.from(settings, http.address()),
        settings.duration("agent.shutdown.grace"),
        new Session(
            settings.duration("agent.session.ttl"),
            settings.duration("agent.session.sleep-after"),
            settings.integer("agent.session.last-events", 1, 1000),
            settings.integer("agent.session.kept-runs", 1, 10_000),
            settings.integer("agent.session.max-idempotency-keys", 1, 1_000_000),
            settings.duration("agent.input.timeout")),
        Runs.from(settings),
        new Tools(
            settings.integer("agent.tools.rag.top-k", 1, 100),
            settings.integer("agent.tools.test-generator.num-questions", 1, 50),
            settings.duration("agent.tools.cancel-timeout"),
            settings.size("agent.tools.max-answer-size"),
            DeclaredTools.from(settings, Set.copyOf(QuizAgent.INTENTS), additions)),
        ModelSetting.from(settings),
        NotesWiring.from(settings),
        planner(settings),
        new Progress(
            settings.oneOf("agent.progress.sink", SinkKind.class),
            settings.url("agent.progress.url"),
            settings.duration("agent.progress.timeout"),
            settings.duration("agent.progress.retry-delay"),
            settings.integer("agent.progress.outbox-size", 2, 100_000),
            settings.duration("agent.progress.outbox-ttl")),
        settings.optionalToken("internal-token"),
        settings.optionalUrl("tracing.endpoint"),
        AccessSettings.from(settings),
        Origins.from(settings),
        page(settings));
  }
}
