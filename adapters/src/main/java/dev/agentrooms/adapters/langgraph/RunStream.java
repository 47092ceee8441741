package dev.agentrooms.adapters.langgraph;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.adapters.AgentApi;
import dev.agentrooms.adapters.EventStream;
import dev.agentrooms.adapters.Happening;
import dev.agentrooms.adapters.RunFeed;
import dev.agentrooms.adapters.langgraph.Shown.Kind;
import dev.agentrooms.http.Loop;
import dev.agentrooms.protocol.Json;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/// A run as a stream, from its first event to its end, or until it waits for a person: then
/// LangGraph's clients read the thread, and resume the run.
final class RunStream {

  private final AgentApi agent;
  private final RunFeed runs;
  private final Conversations conversations;

  RunStream(AgentApi agent, RunFeed runs) {
    this.agent = agent;
    this.runs = runs;
    this.conversations = new Conversations(agent);
  }

  /// @param answered an input of the run: what comes before its answer is left out, except what
  ///     says which run it is; null for none
  Source<Shown, NotUsed> of(String threadId, String runId, @Nullable String answered, Loop loop) {
    LangGraphMapper mapper = new LangGraphMapper(threadId, runId);
    // What is read of a stream is read on other threads.
    RunStream own = new RunStream(agent.bound(), runs);
    return runs.of(threadId, runId, loop)
        .mapAsync(1, happening -> own.shown(threadId, runId, mapper, happening))
        .mapConcat(shown -> shown)
        .via(Behind.answer(answered))
        .takeWhile(shown -> shown.kind() != Kind.END, true);
  }

  private CompletionStage<List<Shown>> shown(
      String threadId, String runId, LangGraphMapper mapper, Happening happening) {
    CompletionStage<ArrayNode> told =
        mapper.wantsMessages(happening)
            ? conversations.upToQuestion(threadId, runId)
            : CompletableFuture.completedFuture(Messages.none());
    return told.thenCompose(
        messages -> {
          if (!messages.isEmpty()) {
            mapper.messages(messages);
          }
          List<Shown> shown = mapper.on(happening);
          String asked = LangGraphMapper.asked(happening);
          return asked == null
              ? CompletableFuture.completedFuture(shown)
              : waits(threadId, runId, asked).thenApply(yes -> withPause(shown, yes, mapper));
        });
  }

  private static List<Shown> withPause(List<Shown> shown, boolean waits, LangGraphMapper mapper) {
    if (waits) {
      shown.add(mapper.pause());
    }
    return shown;
  }

  private CompletionStage<Boolean> waits(String threadId, String runId, String inputId) {
    return agent
        .run(threadId, runId)
        .thenApply(
            answer -> {
              JsonNode run = answer.found();
              return run != null && run.at("/waiting_for/input_id").asText().equals(inputId);
            });
  }

  /// The events that a reader asks for, as bytes.
  static Source<ByteString, NotUsed> events(
      Source<Shown, NotUsed> run, StreamModes modes, @Nullable Cursor seen) {
    return run.filter(shown -> seen == null || !seen.covers(shown))
        .filter(shown -> modes.name(shown.kind()) != null)
        .map(
            shown ->
                EventStream.event(shown.id(), modes.name(shown.kind()), Json.encode(shown.data())));
  }

  /// What `wait` and `join` answer: the values at the end, and beside them what went wrong.
  static Source<ObjectNode, NotUsed> values(Source<Shown, NotUsed> run) {
    return run.fold(
        Json.object(),
        (values, shown) ->
            switch (shown.kind()) {
              case VALUES -> (ObjectNode) shown.data().deepCopy();
              case ERROR -> values.set("__error__", shown.data());
              default -> values;
            });
  }
}
