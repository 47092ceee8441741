package dev.agentrooms.adapters.a2a;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.adapters.a2a.Failure.Reason;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What is asked for, read from a call of either binding.
sealed interface Operation {

  record Send(Sent sent, boolean streams) implements Operation {}

  record Get(TaskId id, @Nullable Integer historyLength) implements Operation {}

  record ListTasks(TaskList.Query query) implements Operation {}

  record Subscribe(TaskId id) implements Operation {}

  record Cancel(TaskId id) implements Operation {}

  record Wrong(Failure why) implements Operation {}

  /// The session that it is about; null when it names none.
  default @Nullable String session() {
    return switch (this) {
      case Send(Sent sent, boolean _) -> {
        TaskId task = sent.taskId() == null ? null : TaskId.of(sent.taskId());
        yield task == null ? sent.contextId() : task.sessionId();
      }
      case Get(TaskId id, Integer _) -> id.sessionId();
      case ListTasks(TaskList.Query query) -> query.contextId();
      case Subscribe(TaskId id) -> id.sessionId();
      case Cancel(TaskId id) -> id.sessionId();
      case Wrong _ -> null;
    };
  }

  /// @param method as JSON-RPC names it
  /// @param sent its params; members may have the names that they have in the protocol's buffers
  static Operation of(String method, ObjectNode sent) {
    ObjectNode params = ProtoNames.asInJson(sent);
    try {
      return switch (method) {
        case "SendMessage" -> new Send(Sent.of(params), false);
        case "SendStreamingMessage" -> new Send(Sent.of(params), true);
        case "GetTask" -> {
          Integer length = Sent.history(params.path("historyLength"));
          yield ofTask(params, id -> new Get(id, length));
        }
        case "ListTasks" -> new ListTasks(TaskList.Query.of(params));
        case "SubscribeToTask" -> ofTask(params, Subscribe::new);
        case "CancelTask" -> ofTask(params, Cancel::new);
        case "GetExtendedAgentCard" ->
            wrong(Reason.UNSUPPORTED_OPERATION, "There is no extended agent card.");
        case "CreateTaskPushNotificationConfig",
            "GetTaskPushNotificationConfig",
            "ListTaskPushNotificationConfigs",
            "DeleteTaskPushNotificationConfig" ->
            wrong(
                Reason.PUSH_NOTIFICATION_NOT_SUPPORTED, "This agent sends no push notifications.");
        default -> wrong(Reason.METHOD_NOT_FOUND, "There is no such method.");
      };
    } catch (Sent.Wrong e) {
      return new Wrong(e.failure);
    }
  }

  static Operation wrong(Reason reason, String message) {
    return new Wrong(new Failure(reason, message));
  }

  private static Operation ofTask(ObjectNode params, Function<TaskId, Operation> then) {
    String id = params.path("id").asText();
    if (id.isEmpty()) {
      return wrong(Reason.INVALID_PARAMS, "id is required");
    }
    TaskId task = TaskId.of(id);
    return task == null ? wrong(Reason.TASK_NOT_FOUND, "There is no such task.") : then.apply(task);
  }
}
