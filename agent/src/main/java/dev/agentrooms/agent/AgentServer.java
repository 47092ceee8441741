package dev.agentrooms.agent;

import dev.agentrooms.http.HttpServer;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.time.InstantSource;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import org.apache.pekko.actor.typed.ActorSystem;
import org.jspecify.annotations.Nullable;

/// Puts the agent together and starts it.
public final class AgentServer {

  private AgentServer() {}

  /// @param room the sink in this process; needed when the settings name it
  /// @param isReady whether the node can serve
  /// @return the address that was bound
  public static CompletionStage<InetSocketAddress> start(
      ActorSystem<?> system,
      AgentSettings settings,
      @Nullable ProgressSink room,
      BooleanSupplier isReady) {
    InstantSource clock = InstantSource.system();
    HttpClient client = httpClient();
    Workflow workflow =
        new Workflow(new RulePlanner(), settings.tools().topK(), settings.tools().numQuestions());
    AgentSession.Wiring wiring =
        new AgentSession.Wiring(
            settings,
            workflow,
            new SessionDecisions(workflow, settings.session().maxIdempotencyKeys()),
            new HttpToolbox(new ToolClient(AgentServer::httpClient), settings.tools()),
            sink(settings, room, client),
            new RunSlots(settings.runs().maxConcurrent(), settings.runs().maxQueued()),
            new SessionIndex(),
            clock);
    Sessions sessions = Sessions.start(system, wiring);
    return HttpServer.start(
        system, settings.http(), new AgentRoutes(sessions, clock, isReady).routes());
  }

  private static ProgressSink sink(
      AgentSettings settings, @Nullable ProgressSink room, HttpClient client) {
    return switch (settings.progress().sink()) {
      case HTTP -> new HttpProgressSink(client, settings.progress(), settings.internalToken());
      case ROOM -> {
        if (room == null) {
          throw new dev.agentrooms.http.BadSetting(
              "agent.progress.sink",
              "room needs the web UI in the same process; say http, and agent.progress.url");
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
