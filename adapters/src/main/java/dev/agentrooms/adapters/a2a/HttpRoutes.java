package dev.agentrooms.adapters.a2a;

import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.adapters.Wording;
import dev.agentrooms.adapters.a2a.Failure.Reason;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.webui.Doors;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.Route;

/// A2A over plain HTTP, below `/a2a`.
final class HttpRoutes extends A2aEdge {

  private static final String SUBSCRIBE = ":subscribe";
  private static final String CANCEL = ":cancel";

  private static final Wording WORDING =
      refusal -> {
        Failure why = Failure.of(refusal);
        return Wording.json(why.reason().httpStatus, why.http());
      };

  HttpRoutes(Doors doors) {
    super(doors, WORDING);
  }

  Route routes() {
    return protocol(
        concat(
            path("message:send", () -> post(() -> object(body -> call("SendMessage", body)))),
            path(
                "message:stream",
                () -> post(() -> object(body -> call("SendStreamingMessage", body)))),
            path("extendedAgentCard", () -> get(() -> call("GetExtendedAgentCard", Json.object()))),
            pathPrefix("tasks", () -> concat(pathEnd(() -> get(this::list)), tasks()))));
  }

  private Route tasks() {
    return pathPrefix(
        segment(),
        id ->
            concat(
                pathEnd(() -> task(id)),
                pathPrefix(
                    "pushNotificationConfigs",
                    () -> call("GetTaskPushNotificationConfig", Json.object()))));
  }

  private Route task(String id) {
    if (id.endsWith(SUBSCRIBE)) {
      String task = id.substring(0, id.length() - SUBSCRIBE.length());
      return concat(
          get(() -> call("SubscribeToTask", named(task))),
          post(() -> call("SubscribeToTask", named(task))));
    }
    if (id.endsWith(CANCEL)) {
      String task = id.substring(0, id.length() - CANCEL.length());
      return post(() -> call("CancelTask", named(task)));
    }
    return get(
        () ->
            extractRequest(
                request -> {
                  ObjectNode params = named(id);
                  String length = request.getUri().query().get("historyLength").orElse("");
                  return length.isEmpty() || length.matches("[0-9]{1,9}")
                      ? call(
                          "GetTask",
                          length.isEmpty()
                              ? params
                              : params.put("historyLength", Integer.parseInt(length)))
                      : perform(
                          Operation.wrong(Reason.INVALID_PARAMS, "historyLength must be 0 or more"),
                          HTTP);
                }));
  }

  private static ObjectNode named(String task) {
    return Json.object().put("id", task);
  }

  private Route list() {
    return extractRequest(
        request -> {
          ObjectNode params = Json.object();
          request
              .getUri()
              .query()
              .toList()
              .forEach(parameter -> params.put(parameter.first(), parameter.second()));
          return call("ListTasks", params);
        });
  }

  private Route call(String method, ObjectNode params) {
    return perform(Operation.of(method, params), HTTP);
  }

  private static final Binding HTTP =
      new Binding() {
        @Override
        public HttpResponse result(ObjectNode result) {
          return Wording.json(200, result);
        }

        @Override
        public HttpResponse failed(Failure why) {
          return Wording.with(Wording.json(why.reason().httpStatus, why.http()), why.headers());
        }

        @Override
        public ObjectNode update(ObjectNode update) {
          return update;
        }
      };
}
