package dev.agentrooms.adapters.a2a;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.adapters.AdapterEdge;
import dev.agentrooms.adapters.AgentApi;
import dev.agentrooms.adapters.EventStream;
import dev.agentrooms.adapters.RunFeed;
import dev.agentrooms.adapters.Wording;
import dev.agentrooms.adapters.a2a.Failure.Reason;
import dev.agentrooms.http.Loop;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.webui.Doors;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;

/// What both bindings of A2A share: the version, who may come in, and what is done.
abstract class A2aEdge extends AdapterEdge {

  private static final String VERSION = "1.0";

  private final TaskList list;

  A2aEdge(Doors doors, Wording wording) {
    super(doors, wording);
    this.list = new TaskList(agent);
  }

  /// How one call is answered.
  interface Binding {
    HttpResponse result(ObjectNode result);

    HttpResponse failed(Failure why);

    ObjectNode update(ObjectNode update);
  }

  final Route perform(Operation operation, Binding binding) {
    return extractRequest(
        request -> {
          if (!VERSION.equals(version(request))) {
            return complete(
                binding.failed(
                    new Failure(
                        Reason.VERSION_NOT_SUPPORTED, "A2A-Version must be " + VERSION + ".")));
          }
          if (operation instanceof Operation.Wrong(Failure why)) {
            return complete(binding.failed(why));
          }
          String session = operation.session();
          return session == null
              ? unnamed(() -> performed(operation, binding, null))
              : allowed(session, until -> performed(operation, binding, until));
        });
  }

  // Without one, 0.3 is meant.
  private static String version(HttpRequest request) {
    return request
        .getHeader("A2A-Version")
        .map(HttpHeader::value)
        .or(() -> request.getUri().query().get("A2A-Version"))
        .orElse("0.3")
        .strip();
  }

  private Route performed(Operation operation, Binding binding, @Nullable Instant until) {
    return extractRequest(
        request ->
            extractMaterializer(
                materializer ->
                    onSuccess(
                        said(
                            operation,
                            request,
                            new TaskCalls.Place(Loop.of(request), materializer)),
                        said -> complete(answer(said, binding, until)))));
  }

  private CompletionStage<Said> said(Operation operation, HttpRequest request, TaskCalls.Place at) {
    // What is read of streams meanwhile is read on other threads.
    AgentApi own = agent.bound();
    TaskCalls calls = new TaskCalls(own, new RunFeed(own, doors.rooms()));
    return switch (operation) {
      case Operation.Send(Sent sent, boolean streams) -> calls.send(sent, streams, at);
      case Operation.Get(TaskId id, Integer length) -> calls.get(id, length, at);
      case Operation.ListTasks(TaskList.Query query) -> list.list(query);
      case Operation.Subscribe(TaskId id) ->
          calls.subscribe(
              id, request.getHeader("Last-Event-ID").map(HttpHeader::value).orElse(null), at);
      case Operation.Cancel(TaskId id) -> calls.cancel(id, at);
      case Operation.Wrong(Failure why) -> CompletableFuture.completedFuture(new Said.Failed(why));
    };
  }

  private HttpResponse answer(Said said, Binding binding, @Nullable Instant until) {
    return switch (said) {
      case Said.Result(ObjectNode body) -> binding.result(body);
      case Said.Failed(Failure why) -> binding.failed(why);
      case Said.Updates(var updates) ->
          EventStream.of(
              updates.map(
                  update ->
                      EventStream.event(
                          update.position(), null, Json.encode(binding.update(update.body())))),
              remaining(until),
              doors.open());
    };
  }
}
