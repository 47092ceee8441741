package dev.agentrooms.adapters.langgraph;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.adapters.Refusal;
import dev.agentrooms.adapters.langgraph.SocketOut.Out;
import dev.agentrooms.http.Frame;
import dev.agentrooms.http.FrameWriter;
import dev.agentrooms.http.Loop;
import dev.agentrooms.protocol.InvalidField;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.MalformedJson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.UniqueKillSwitch;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/// What a client says on the WebSocket of a thread: commands, one after the other, and what it
/// subscribes to.
///
/// The thread is read once for all subscriptions, so that what they get is in one order. A new one
/// makes the reading begin anew: what the client has already is sent again to the new one alone.
final class ThreadSocket {

  private static final int MAX_SUBSCRIPTIONS = 128;
  private static final int NOT_TEXT = 1003;

  /// A thread, and what can be done in it.
  record Thread(String id, Commands commands, ThreadFeed feed, Holes holes) {}

  /// Says why a stream cannot begin where it is to; null when it can.
  interface Holes {
    CompletionStage<@Nullable Refusal> of(String threadId, ThreadFilter filter);
  }

  private final Thread thread;
  private final SocketOut out;
  private final Map<String, ThreadFilter> subscriptions = new LinkedHashMap<>();
  private int count;
  private @Nullable UniqueKillSwitch reading;
  private CompletionStage<Done> stopped = CompletableFuture.completedFuture(Done.getInstance());
  private volatile long sent = -1;

  ThreadSocket(Thread thread, SocketOut out) {
    this.thread = thread;
    this.out = out;
  }

  /// @return completes when the next frame may come
  CompletionStage<NotUsed> on(Frame frame) {
    switch (frame) {
      case Frame.Text(ByteString utf8) -> {
        return command(utf8);
      }
      case Frame.Binary _ -> out.send(Out.close(NOT_TEXT, "only text"));
      case Frame.Ping(ByteString payload) -> out.send(new Out(FrameWriter.pong(payload), false));
      case Frame.Pong _ -> {}
      case Frame.Close(int code, String reason) -> out.send(Out.close(code, reason));
      case Frame.Violation(int code, String reason) -> out.send(Out.close(code, reason));
    }
    return done();
  }

  void gone() {
    if (reading != null) {
      reading.shutdown();
    }
  }

  private static CompletionStage<NotUsed> done() {
    return CompletableFuture.completedFuture(NotUsed.getInstance());
  }

  private CompletionStage<NotUsed> answered(ObjectNode response) {
    out.send(Out.text(response));
    return done();
  }

  private CompletionStage<NotUsed> command(ByteString utf8) {
    JsonNode command;
    try {
      command = Json.parse(utf8.toArrayUnsafe());
    } catch (MalformedJson e) {
      return answered(Commands.error(Json.mapper().nullNode(), "invalid_argument", e.detail()));
    }
    JsonNode id = command.path("id");
    try {
      return switch (command.path("method").asText("")) {
        case "subscription.subscribe" -> subscribe(id, ThreadFilter.of(command.path("params")));
        case "subscription.unsubscribe" ->
            unsubscribe(id, command.at("/params/subscription_id").asText(""));
        default ->
            thread.commands().carryOut(thread.id(), command, null).thenCompose(this::answered);
      };
    } catch (InvalidField wrong) {
      return answered(Commands.error(id, "invalid_argument", wrong.detail()));
    }
  }

  private CompletionStage<NotUsed> subscribe(JsonNode id, ThreadFilter filter) {
    if (subscriptions.size() >= MAX_SUBSCRIPTIONS) {
      return answered(Commands.error(id, "not_supported", "There are too many subscriptions."));
    }
    return thread
        .holes()
        .of(thread.id(), filter)
        .thenCompose(
            hole ->
                hole != null
                    ? answered(Commands.error(id, "invalid_argument", hole.detail()))
                    : stopped().thenCompose(stopped -> begin(id, filter)));
  }

  private CompletionStage<Done> stopped() {
    if (reading != null) {
      reading.shutdown();
    }
    return stopped;
  }

  private CompletionStage<NotUsed> begin(JsonNode id, ThreadFilter filter) {
    count++;
    String name = "sub-" + count;
    List<ThreadFilter> others = List.copyOf(subscriptions.values());
    long before = sent;
    subscriptions.put(name, filter);
    out.send(Out.text(Commands.success(id, Json.object().put("subscription_id", name))));
    read(
        filter.since(),
        (shown, isInRange) ->
            (isInRange && filter.includes(shown))
                || (shown.number() > before
                    && others.stream().anyMatch(each -> each.includes(shown))));
    return done();
  }

  private void read(@Nullable Long since, ThreadFeed.Wish wish) {
    var run =
        thread
            .feed()
            .of(thread.id(), since, wish, Loop.NONE)
            // Whoever lags, or was in a room that has left, comes back.
            .map(this::event)
            .concat(Source.single(Out.close(SocketOut.GOING_AWAY, "come back")))
            .viaMat(KillSwitches.<Out>single(), Keep.right())
            .watchTermination(Keep.both());
    var begun = out.attach(run);
    reading = begun.first();
    stopped = begun.second().exceptionally(failure -> Done.getInstance());
  }

  private Out event(Shown shown) {
    sent = Math.max(sent, shown.number());
    return Out.text(ThreadFilter.event(shown));
  }

  private CompletionStage<NotUsed> unsubscribe(JsonNode id, String name) {
    if (subscriptions.remove(name) == null) {
      return answered(Commands.error(id, "no_such_subscription", "There is no such subscription."));
    }
    return stopped()
        .thenCompose(
            stopped -> {
              List<ThreadFilter> left = List.copyOf(subscriptions.values());
              long before = sent;
              if (!left.isEmpty()) {
                read(
                    before,
                    (shown, isInRange) ->
                        shown.number() > before
                            && left.stream().anyMatch(each -> each.includes(shown)));
              }
              return answered(Commands.success(id, Json.object()));
            });
  }
}
