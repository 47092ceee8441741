package dev.agentrooms.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.tools.model.ModelAnswer;
import dev.agentrooms.tools.model.ModelAnswer.Answered;
import dev.agentrooms.tools.model.ModelAnswer.ToolWish;
import dev.agentrooms.tools.model.ModelCall;
import dev.agentrooms.tools.model.ModelClient;
import dev.agentrooms.tools.model.ModelQuery;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The model as a tool. A call's arguments are the request: `{"messages","schema"?,"tools"?,
/// "stream"}`; its result is the answer's JSON or, without a schema, `{"text","calls"?}`.
public final class ModelTools implements Toolbox {

  /// The tool's name. Files cannot declare another of this name.
  public static final String NAME = "model";

  private static final Logger LOG = LoggerFactory.getLogger(ModelTools.class);
  // The client has the time limits.
  private static final Duration TIMEOUT = Duration.ofDays(1);

  private final @Nullable ModelClient model;
  private final Toolbox others;

  /// @param model null when there is none
  /// @param others for all other tools
  public ModelTools(@Nullable ModelClient model, Toolbox others) {
    this.model = model;
    this.others = others;
  }

  /// The tool, for those who have to know of it.
  ///
  /// @param retryDelay pause before the one retry
  public static Tool tool(Duration retryDelay) {
    return new Tool(
        NAME,
        "Ask the model",
        null,
        null,
        null,
        new Tool.Answer(false, null, List.of()),
        TIMEOUT,
        retry(retryDelay),
        false,
        false,
        List.of(),
        false,
        false);
  }

  /// A tool that asks the model for its own work, and so has the model's limits.
  public static Tool asking(Tool tool, Duration retryDelay) {
    return tool.within(TIMEOUT, retry(retryDelay));
  }

  private static Tool.Retry retry(Duration delay) {
    return new Tool.Retry(ToolDefaults.ATTEMPTS, delay, ToolDefaults.MAX_DELAY);
  }

  /// What the model is sent for a step.
  ///
  /// @throws TemplateError when a value is missing
  static ObjectNode arguments(Step.AskModel ask, JsonNode values) {
    boolean hasData = ask.prompt().hasData() || (ask.system() != null && ask.system().hasData());
    ObjectNode arguments = messages(ask.system(), ask.prompt(), hasData, values);
    if (ask.schema() != null) {
      arguments.set("schema", ask.schema().json());
    }
    return arguments.put("stream", ask.streams());
  }

  /// What the model is sent for the first turn of an agent, without the tools.
  ///
  /// @throws TemplateError when a value is missing
  static ObjectNode arguments(
      @Nullable PromptTemplate system, PromptTemplate prompt, JsonNode values) {
    // What tools answer is data in any case.
    return messages(system, prompt, true, values).put("stream", true);
  }

  /// What the model is sent by a tool that asks it for its own work, with data in marked blocks.
  ///
  /// @param schema of the answer; null for text, which comes while it is being written
  public static ObjectNode arguments(String system, String prompt, @Nullable ObjectNode schema) {
    ObjectNode arguments = Json.object();
    arguments.set("messages", ModelQuery.messages(system + "\n\n" + PromptTemplate.RULE, prompt));
    if (schema != null) {
      arguments.set("schema", schema);
    }
    return arguments.put("stream", schema == null);
  }

  private static ObjectNode messages(
      @Nullable PromptTemplate system, PromptTemplate prompt, boolean hasData, JsonNode values) {
    String told = system == null ? "" : system.fill(values);
    String whole = hasData ? (told.isEmpty() ? "" : told + "\n\n") + PromptTemplate.RULE : told;
    ObjectNode arguments = Json.object();
    arguments.set(
        "messages", ModelQuery.messages(whole.isEmpty() ? null : whole, prompt.fill(values)));
    return arguments;
  }

  @Override
  public Attempt call(ToolCall call, CallObserver observer) {
    if (!call.tool().name().equals(NAME)) {
      return others.call(call, observer);
    }
    if (model == null) {
      return Attempt.ended(failed(ToolResult.Reason.MODEL_UNREACHABLE, "There is no model."));
    }
    try {
      return new ModelAttempt(model.call(query(call.arguments()), shown(call, observer)));
    } catch (RuntimeException | StackOverflowError e) {
      LOG.error("a call of the model cannot be made", e);
      return Attempt.ended(failed(ToolResult.Reason.TEMPLATE, "The request cannot be made."));
    }
  }

  private static Consumer<String> shown(ToolCall call, CallObserver observer) {
    return call.arguments().path("stream").asBoolean() ? observer::delta : text -> {};
  }

  private static ToolResult failed(ToolResult.Reason reason, String detail) {
    return new ToolResult.Failed(reason, null, detail);
  }

  private static ModelQuery query(JsonNode arguments) {
    JsonNode schema = arguments.get("schema");
    return new ModelQuery(
        (ArrayNode) arguments.path("messages"),
        schema == null ? null : Schema.of(schema),
        arguments.get("tools") instanceof ArrayNode tools ? tools : null);
  }

  private record ModelAttempt(ModelCall call) implements Attempt {

    @Override
    public CompletionStage<ToolResult> ended() {
      return call.ended().thenApply(ModelTools::result);
    }

    @Override
    public void cancel() {
      call.cancel();
    }
  }

  private static ToolResult result(ModelAnswer answer) {
    return switch (answer) {
      case Answered answered -> {
        ObjectNode meta = Json.object();
        meta.set("usage", answered.usage().json());
        yield new ToolResult.Succeeded(
            answered.json() == null ? output(answered) : answered.json(), meta);
      }
      case ModelAnswer.Failed failed -> {
        ObjectNode meta = Json.object();
        if (failed.phase() != null) {
          meta.put("phase", failed.phase().name().toLowerCase(Locale.ROOT));
        }
        yield new ToolResult.Failed(
            failed.reason(), failed.status(), failed.detail(), failed.retryAfter(), meta);
      }
      case ModelAnswer.Stopped _ -> new ToolResult.Stopped();
    };
  }

  private static ObjectNode output(Answered answered) {
    ObjectNode output = Json.object().put("text", answered.text());
    if (!answered.calls().isEmpty()) {
      ArrayNode calls = output.putArray("calls");
      for (ToolWish wish : answered.calls()) {
        calls
            .addObject()
            .put("id", wish.id())
            .put("name", wish.name())
            .put("arguments", wish.arguments());
      }
    }
    return output;
  }
}
