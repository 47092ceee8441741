package dev.agentrooms.agent;

import dev.agentrooms.agent.AgentSettings.PlannerKind;
import dev.agentrooms.agent.flow.Agents;
import dev.agentrooms.agent.flow.QuizAgent;
import dev.agentrooms.agent.session.Narrator;
import dev.agentrooms.agent.session.SessionDecisions;
import dev.agentrooms.agent.telemetry.AgentMetrics;
import dev.agentrooms.agent.telemetry.AgentMetrics.Gauged;
import dev.agentrooms.agent.telemetry.RunTracer;
import dev.agentrooms.agent.telemetry.Tracing;
import dev.agentrooms.http.LastingClient;
import dev.agentrooms.http.Meters;
import dev.agentrooms.http.NodeStatus;
import dev.agentrooms.http.NodeStatus.Readiness;
import dev.agentrooms.http.Recurring;
import dev.agentrooms.http.access.Access;
import dev.agentrooms.http.edge.HttpServer;
import dev.agentrooms.store.Store;
import dev.agentrooms.tools.Definitions;
import dev.agentrooms.tools.HttpTools;
import dev.agentrooms.tools.ModelTools;
import dev.agentrooms.tools.Tool;
import dev.agentrooms.tools.ToolClient;
import dev.agentrooms.tools.Toolbox;
import dev.agentrooms.tools.Tools;
import dev.agentrooms.tools.local.LocalTools;
import dev.agentrooms.tools.mcp.McpTools;
import dev.agentrooms.tools.model.ModelClient;
import dev.agentrooms.tools.remote.RemoteTools;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.pattern.Patterns;
import org.jspecify.annotations.Nullable;

/// Puts the agent together, starts it, and lets it finish.
public final class AgentServer {

  // Before a model is asked once more that was busy or not there.
  private static final Duration RETRY_DELAY = Duration.ofMillis(500);
  private static final Duration SWEEP_EVERY = Duration.ofSeconds(1);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(20);
  // What comes after a cancel: the tool's time to stop, and a delivery with its second try.
  private static final Duration LAST_WORDS = Duration.ofSeconds(3);

  private final ActorSystem<?> system;
  private final Sessions sessions;
  private final RunSlots slots;
  private final Backlog backlog;
  private final InetSocketAddress address;
  private final AtomicBoolean stopping;
  private final boolean outlives;

  private AgentServer(
      ActorSystem<?> system,
      Sessions sessions,
      SessionWiring wiring,
      InetSocketAddress address,
      AtomicBoolean stopping,
      boolean outlives) {
    this.system = system;
    this.sessions = sessions;
    this.slots = wiring.slots();
    this.backlog = wiring.backlog();
    this.address = address;
    this.stopping = stopping;
    this.outlives = outlives;
  }

  /// @param notes closed by the caller, when no session calls the tools any more
  /// @param store where sessions are kept
  /// @param outlives whether the store is still there when this process is not
  /// @param room the sink in this process; needed when the settings name it
  public static CompletionStage<AgentServer> start(
      ActorSystem<?> system,
      AgentSettings settings,
      NotesWiring.Reading notes,
      Store store,
      boolean outlives,
      @Nullable ProgressSink room,
      NodeStatus status) {
    InstantSource clock = InstantSource.system();
    Meters meters = Meters.start(system);
    status.bindTo(meters.registry());
    AgentMetrics metrics = new AgentMetrics(meters.registry());
    AgentSettings.Runs runs = settings.runs();
    RunSlots slots = new RunSlots(runs.maxConcurrent(), runs.maxQueued(), runs.maxQueuedOfOne());
    Sweeper sweeper = new Sweeper(store.sessions(), settings.session().ttl(), clock);
    Recurring.every(system, SWEEP_EVERY, "forgetting old sessions", sweeper::sweep);
    Backlog backlog = new Backlog();
    metrics.show(Gauged.RUNS_RUNNING, slots::running);
    metrics.show(Gauged.RUNS_WAITING, slots::waiting);
    metrics.show(Gauged.RUNS_AWAITING_INPUT, sweeper::waiting);
    metrics.show(Gauged.SESSIONS, sweeper::sessions);
    metrics.show(Gauged.OUTBOX_DEPTH, backlog::size);
    LastingClient client = new LastingClient(AgentServer::httpClient);
    ToolClient toolClient = new ToolClient(client::get, client::retire);
    Definitions declared = settings.tools().declared();
    int maxAnswerSize = settings.tools().maxAnswerSize();
    McpTools mcp =
        McpTools.start(
            declared.servers(),
            toolClient,
            maxAnswerSize,
            settings.tools().cancelTimeout(),
            new RemoteTools(
                toolClient,
                declared.remotes(),
                maxAnswerSize,
                new LocalTools(
                    declared.locals(), maxAnswerSize, new HttpTools(toolClient, maxAnswerSize))));
    closeAtTheEnd(system, "close the MCP servers", mcp::close);
    Tools tools = declared.tools().alsoFrom(mcp);
    ModelClient model = null;
    Tool modelTool = null;
    if (settings.model() != null) {
      model = new ModelClient(settings.model(), toolClient, System::nanoTime);
      modelTool = ModelTools.tool(RETRY_DELAY);
      tools = settings.notes().asking(tools, RETRY_DELAY).and(List.of(modelTool));
    }
    Agents agents =
        new Agents(
            new QuizAgent(settings.tools().topK(), settings.tools().numQuestions()),
            declared.workflows(),
            tools);
    metrics.expect(tools.names(), agents.startSteps());
    Toolbox toolbox = settings.notes().over(notes, new ModelTools(model, mcp), modelTool, clock);
    SessionWiring wiring =
        new SessionWiring(
            settings,
            agents,
            tools,
            new SessionDecisions(agents, tools, settings.session().inputTimeout()),
            new Narrator(agents, tools),
            Measured.toolbox(metrics, toolbox),
            Measured.sink(metrics, sink(settings, room)),
            slots,
            store,
            backlog,
            metrics,
            settings.tracingEndpoint() == null
                ? RunTracer.OFF
                : Tracing.start(system, settings.tracingEndpoint()),
            clock);
    Sessions sessions = Sessions.start(system, wiring);
    sessions.bindTo(meters.registry());
    AtomicBoolean stopping = new AtomicBoolean();
    Access access = new Access(settings.access(), settings.origins(), clock);
    AgentRoutes routes =
        new AgentRoutes(
            settings.hosts(),
            access,
            new Links(access.tokens(), settings.page()),
            agents,
            settings.planner() == PlannerKind.MODEL && model != null
                ? new ModelPlanner(model, agents, ModelPlanner.PATIENCE)
                : null,
            sessions,
            Overview.start(system, meters.registry(), wiring, sessions, sweeper),
            notes::list,
            clock,
            meters,
            status.with(node -> readiness(stopping.get(), node, notes, mcp)),
            stopping::get);
    return HttpServer.start(system, settings.http(), meters, routes.routes(), null)
        .thenApply(
            address -> {
              // What was accepted before the last stop goes on. New requests need not wait for it.
              Waker.start(system, sessions, metrics, clock);
              return new AgentServer(system, sessions, wiring, address, stopping, outlives);
            });
  }

  private static Readiness readiness(
      boolean isStopping, Readiness node, NotesWiring.Reading notes, McpTools mcp) {
    if (isStopping) {
      return Readiness.NOT_UP;
    }
    if (node != Readiness.READY) {
      return node;
    }
    if (!notes.isReady()) {
      return Readiness.NOTES_UNREAD;
    }
    return mcp.isSettled() ? Readiness.READY : Readiness.TOOLS_UNLISTED;
  }

  // When no session calls them any more.
  private static void closeAtTheEnd(ActorSystem<?> system, String task, Runnable close) {
    CoordinatedShutdown.get(system)
        .addTask(
            CoordinatedShutdown.PhaseBeforeActorSystemTerminate(),
            task,
            () ->
                CompletableFuture.runAsync(close, run -> Thread.ofVirtual().start(run))
                    .thenApply(_ -> Done.getInstance()));
  }

  public InetSocketAddress address() {
    return address;
  }

  /// Completes when the runs that are there have ended and been told of, or `grace` is over. Those
  /// that have not ended by then go on at another node, or at the next start or, when the store
  /// goes with this process, are cancelled.
  ///
  /// @param takesMore whether new runs are taken on meanwhile, which go on elsewhere
  public CompletionStage<Done> drain(Duration grace, boolean takesMore) {
    stopping.set(!takesMore);
    HttpServer.announceStop(system);
    return until(this::hasNoRuns, grace)
        .thenCompose(
            done ->
                outlives
                    ? CompletableFuture.completedFuture(done)
                    : sessions
                        .cancelAll("shutdown")
                        .thenCompose(
                            told -> until(() -> hasNoRuns() && backlog.size() == 0, LAST_WORDS)));
  }

  private boolean hasNoRuns() {
    return slots.running() + slots.waiting() == 0;
  }

  private CompletionStage<Done> until(BooleanSupplier wish, Duration patience) {
    return until(wish, System.nanoTime() + patience.toNanos());
  }

  private CompletionStage<Done> until(BooleanSupplier wish, long deadline) {
    return wish.getAsBoolean() || System.nanoTime() - deadline >= 0
        ? CompletableFuture.completedFuture(Done.getInstance())
        : Patterns.after(LOOK_AGAIN, system, () -> until(wish, deadline));
  }

  private static ProgressSink sink(AgentSettings settings, @Nullable ProgressSink room) {
    return switch (settings.progress().sink()) {
      case HTTP ->
          new HttpProgressSink(
              new LastingClient(AgentServer::httpClient),
              settings.progress(),
              settings.internalToken());
      case ROOM -> {
        if (room == null) {
          throw new IllegalStateException("there is no room in this process");
        }
        yield room;
      }
    };
  }

  // HTTP/1.1 only: an upgrade offer confuses simple servers, and a cancelled HTTP/2 stream would
  // not close the connection that tells a tool to stop. Redirects are an answer that no tool should
  // give.
  static HttpClient httpClient() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NEVER)
        .executor(Executors.newVirtualThreadPerTaskExecutor())
        .build();
  }
}
