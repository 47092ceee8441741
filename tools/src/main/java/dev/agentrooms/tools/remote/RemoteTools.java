package dev.agentrooms.tools.remote;

import dev.agentrooms.tools.CallObserver;
import dev.agentrooms.tools.TemplateError;
import dev.agentrooms.tools.ToolCall;
import dev.agentrooms.tools.ToolClient;
import dev.agentrooms.tools.ToolResult;
import dev.agentrooms.tools.Toolbox;
import java.net.http.HttpRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Calls remote agents.
public final class RemoteTools implements Toolbox {

  private final ToolClient client;
  private final Map<String, RemoteAgent> agents = new LinkedHashMap<>();
  private final int maxAnswerSize;
  private final Toolbox others;

  /// @param maxAnswerSize the longest event, and the longest text, in bytes
  /// @param others for all other tools
  public RemoteTools(
      ToolClient client, List<RemoteAgent> agents, int maxAnswerSize, Toolbox others) {
    this.client = client;
    this.maxAnswerSize = maxAnswerSize;
    this.others = others;
    agents.forEach(agent -> this.agents.put(agent.name(), agent));
  }

  @Override
  public Attempt call(ToolCall call, CallObserver observer) {
    RemoteAgent agent = agents.get(call.tool().name());
    if (agent == null) {
      return others.call(call, observer);
    }
    HttpRequest request;
    try {
      request =
          switch (agent.protocol()) {
            case AG_UI -> agent.http().post(call, RemoteRequest.agUi(call), "text/event-stream");
            case NDJSON ->
                agent.http().post(call, RemoteRequest.ndjson(call), agent.protocol().accept);
          };
    } catch (TemplateError e) {
      return notMade(e.detail() + ".");
    }
    RemoteAttempt attempt =
        new RemoteAttempt(client, request, agent.protocol(), maxAnswerSize, observer);
    attempt.start();
    return attempt;
  }

  private static Attempt notMade(String why) {
    ToolResult result = new ToolResult.Failed(ToolResult.Reason.TEMPLATE, null, why);
    return new Attempt() {
      @Override
      public CompletionStage<ToolResult> ended() {
        return CompletableFuture.completedStage(result);
      }

      @Override
      public void cancel() {
        // Ended already.
      }
    };
  }
}
