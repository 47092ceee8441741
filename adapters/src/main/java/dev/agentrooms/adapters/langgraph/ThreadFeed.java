package dev.agentrooms.adapters.langgraph;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.agentrooms.adapters.AgentApi;
import dev.agentrooms.adapters.Happening;
import dev.agentrooms.adapters.RunFeed;
import dev.agentrooms.adapters.SessionFeed;
import dev.agentrooms.adapters.SessionFeed.Part;
import dev.agentrooms.http.Loop;
import dev.agentrooms.protocol.StepWords;
import dev.agentrooms.webui.room.Retained;
import dev.agentrooms.webui.room.Rooms;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;

/// A thread over all its runs: from a place on, or from the first event of the run that has
/// started last, and then on and on.
final class ThreadFeed {

  private final AgentApi agent;
  private final Rooms rooms;
  private final SessionFeed sessions;
  private final Conversations conversations;

  ThreadFeed(AgentApi agent, Rooms rooms, RunFeed runs) {
    this.agent = agent;
    this.rooms = rooms;
    this.sessions = new SessionFeed(agent, rooms, runs);
    this.conversations = new Conversations(agent);
  }

  /// Which of the things that a thread shows a reader takes.
  interface Wish {
    /// @param isInRange whether it is behind the place where the reader begins
    boolean includes(Shown shown, boolean isInRange);
  }

  /// @param since where the reader begins, as the number of the last thing that it has; null for
  ///     the run that has started last
  /// @param loop where the stream runs
  Source<Shown, NotUsed> of(String threadId, @Nullable Long since, Wish wish, Loop loop) {
    // The room first: a run that starts between the two has its events behind that place.
    CompletionStage<Source<Shown, NotUsed>> feed =
        rooms
            .read(threadId, 0, 1)
            .thenCompose(
                room ->
                    agent
                        .session(threadId)
                        .thenApply(
                            answer -> {
                              JsonNode session = answer.found();
                              return of(
                                  threadId,
                                  session == null ? null : newest(session),
                                  room instanceof Retained retained ? retained.lastSeq() : 0,
                                  since,
                                  wish,
                                  loop);
                            }));
    return Source.completionStageSource(feed).mapMaterializedValue(later -> NotUsed.getInstance());
  }

  /// @param before the room's last event before `newest` was known; 0 for none
  private Source<Shown, NotUsed> of(
      String threadId,
      @Nullable String newest,
      long before,
      @Nullable Long since,
      Wish wish,
      Loop loop) {
    Reader reader = new Reader(threadId, newest, before, since, wish);
    return sessions.of(threadId, newest, loop).mapAsync(1, reader::read).mapConcat(shown -> shown);
  }

  /// The run that has started last.
  private static @Nullable String newest(JsonNode session) {
    JsonNode run = session.path("run");
    JsonNode started =
        run.isObject() && !run.path("status").asText().equals(StepWords.QUEUED)
            ? run
            : session.path("last_run");
    return started.isObject() ? started.path("run_id").asText() : null;
  }

  private final class Reader {

    private final String threadId;
    private final @Nullable String newest;
    private final long before;
    private final Map<String, LangGraphMapper> mappers = new HashMap<>();
    private final Wish wish;
    private @Nullable Long since;
    private boolean hasBegun;

    private Reader(
        String threadId, @Nullable String newest, long before, @Nullable Long since, Wish wish) {
      this.threadId = threadId;
      this.newest = newest;
      this.before = before;
      this.since = since;
      this.wish = wish;
    }

    private CompletionStage<List<Shown>> read(Part part) {
      return switch (part) {
        case Part.Joined(String _, long seq) -> {
          // What is later than the room's last is of another epoch.
          if (since != null && Shown.seqOf(since) > seq) {
            since = null;
          }
          hasBegun = since != null || newest == null;
          if (newest == null && since == null) {
            since = Shown.lastAt(Math.min(before, seq));
          }
          yield CompletableFuture.completedFuture(List.of());
        }
        case Part.Of(String runId, Happening what) -> read(runId, what);
      };
    }

    private CompletionStage<List<Shown>> read(String runId, Happening what) {
      LangGraphMapper mapper =
          mappers.computeIfAbsent(runId, id -> new LangGraphMapper(threadId, id));
      CompletionStage<ArrayNode> told =
          mapper.wantsMessages(what)
              ? conversations.upToQuestion(threadId, runId)
              : CompletableFuture.completedFuture(Messages.none());
      return told.thenApply(
          messages -> {
            if (!messages.isEmpty()) {
              mapper.messages(messages);
            }
            return wanted(runId, mapper.on(what));
          });
    }

    private List<Shown> wanted(String runId, List<Shown> shown) {
      // Until the newest run has started, what others still show is left to those who saw it.
      boolean isNewest = runId.equals(newest);
      if (isNewest && shown.stream().anyMatch(each -> each.kind() == Shown.Kind.STARTED)) {
        hasBegun = true;
      }
      boolean isShown = hasBegun || isNewest;
      long after = since == null ? -1 : since;
      return shown.stream()
          .filter(each -> wish.includes(each, isShown && each.number() > after))
          .toList();
    }
  }
}
