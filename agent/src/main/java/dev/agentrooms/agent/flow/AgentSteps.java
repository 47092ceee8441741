package dev.agentrooms.agent.flow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.agent.session.AgentTurn;
import dev.agentrooms.agent.session.Call;
import dev.agentrooms.agent.session.Call.Words;
import dev.agentrooms.agent.session.Failure;
import dev.agentrooms.agent.session.Next;
import dev.agentrooms.agent.session.Run;
import dev.agentrooms.agent.session.Step;
import dev.agentrooms.protocol.InvalidField;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.MalformedJson;
import dev.agentrooms.tools.OfferedTools;
import dev.agentrooms.tools.PromptTemplate;
import dev.agentrooms.tools.Step.UseAgent;
import dev.agentrooms.tools.Tool;
import dev.agentrooms.tools.Tools;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Goes on with a step in which a model calls tools: the calls that it has asked for, one after the
/// other, then the model again, with what they answered.
final class AgentSteps {

  private static final String TOO_MANY = "too_many_turns";
  private static final int FAILURES_IN_A_ROW = 3;
  private static final int MAX_RESULT_BYTES = 32 * 1024;
  private static final String CUT = "\n[The rest was cut off.]";

  private final Tools tools;

  AgentSteps(Tools tools) {
    this.tools = tools;
  }

  /// The first turn.
  ///
  /// @param call to the model, with its messages
  Call first(UseAgent agent, Call call) {
    ObjectNode arguments = Json.object();
    if (call.arguments() instanceof ObjectNode given) {
      arguments = given.deepCopy();
      arguments.set("tools", OfferedTools.of(tools, agent.tools()).json());
    }
    return call.with(call.arguments() == null ? null : arguments).in(new AgentTurn(1, null));
  }

  /// What comes next in the step; null when it is over, or has not begun.
  @Nullable Next next(UseAgent agent, String name, Run run) {
    List<Step> steps =
        run.steps().stream()
            .filter(step -> step.call().step().equals(name) && step.call().inAgent() != null)
            .toList();
    if (steps.isEmpty()) {
      return null;
    }
    Step turn = steps.stream().filter(Step::isTurn).toList().getLast();
    if (!(turn.state() instanceof Step.Done answered) || !AgentTurn.goesOn(answered.output())) {
      return null;
    }
    List<Step> called = steps.stream().filter(step -> !step.isTurn()).toList();
    if (failedAtLast(called) >= FAILURES_IN_A_ROW) {
      return fail(name, "three calls in a row failed");
    }
    int number = turn.call().turn();
    int made = (int) called.stream().filter(step -> step.call().turn() == number).count();
    JsonNode wish = answered.output().path("calls").get(made);
    if (number >= agent.maxTurns()) {
      return fail(name, "the model has not come to an end in " + number + " turns");
    }
    if (wish == null) {
      return Next.Calls.one(nextTurn(run, steps, turn));
    }
    return called.size() >= agent.maxToolCalls()
        ? fail(name, "the model wanted more than " + agent.maxToolCalls() + " calls")
        : call(agent, turn, wish);
  }

  private static Next fail(String name, String why) {
    return new Next.Fail(name + " failed: " + why + ".", TOO_MANY);
  }

  private static int failedAtLast(List<Step> called) {
    int failed = 0;
    for (Step step : called.reversed()) {
      if (!(step.state() instanceof Step.Done done) || !done.failed()) {
        break;
      }
      failed++;
    }
    return failed;
  }

  private Next call(UseAgent agent, Step turn, JsonNode wish) {
    String asked = wish.path("name").asText();
    AgentTurn place = new AgentTurn(turn.call().turn(), wish.path("id").asText());
    Tool tool = OfferedTools.of(tools, agent.tools()).find(asked).orElse(null);
    String written = wish.path("arguments").asText();
    if (tool == null) {
      return unable(
          called(turn, place, asked, asked, shown(written)),
          "unknown_tool",
          "There is no tool of this name.");
    }
    try {
      ObjectNode arguments = OfferedTools.arguments(tool, written);
      return Next.Calls.one(called(turn, place, tool.name(), tool.title(), arguments));
    } catch (InvalidField e) {
      return unfit(turn, place, tool, written, e.detail());
    } catch (MalformedJson e) {
      return unfit(turn, place, tool, written, e.detail());
    }
  }

  private static Next unfit(Step turn, AgentTurn place, Tool tool, String written, String detail) {
    return unable(
        called(turn, place, tool.name(), tool.title(), shown(written)),
        "invalid_arguments",
        detail);
  }

  private static Next unable(Call call, String reason, String detail) {
    return new Next.Unable(call, new Failure(reason, null, detail));
  }

  /// What the model has written, as far as it can be shown as arguments.
  private static ObjectNode shown(String written) {
    try {
      return OfferedTools.written(written) instanceof ObjectNode arguments
          ? arguments
          : Json.object();
    } catch (MalformedJson e) {
      return Json.object();
    }
  }

  private static Call called(
      Step turn, AgentTurn place, String tool, String title, ObjectNode arguments) {
    return new Call(
        turn.call().step(),
        tool,
        title,
        new Words("start_tool_call", title, "tool_call_done", title + ": done"),
        false,
        arguments,
        place);
  }

  private static Call nextTurn(Run run, List<Step> steps, Step turn) {
    ObjectNode arguments =
        turn.call().arguments() instanceof ObjectNode given ? given.deepCopy() : Json.object();
    ArrayNode messages = arguments.withArray("messages");
    JsonNode answer = turn.state() instanceof Step.Done done ? done.output() : Json.object();
    ObjectNode said = messages.addObject().put("role", "assistant");
    said.put("content", answer.path("text").asText());
    ArrayNode calls = said.putArray("tool_calls");
    for (JsonNode wish : answer.path("calls")) {
      calls
          .addObject()
          .put("id", wish.path("id").asText())
          .put("type", "function")
          .putObject("function")
          .put("name", wish.path("name").asText())
          .put("arguments", wish.path("arguments").asText());
    }
    for (Step step : steps) {
      AgentTurn place = step.call().inAgent();
      if (place != null && !place.isOfModel() && place.turn() == turn.call().turn()) {
        messages
            .addObject()
            .put("role", "tool")
            .put("tool_call_id", place.wish())
            .put("content", result(run, step));
      }
    }
    return turn.call().with(arguments).in(new AgentTurn(turn.call().turn() + 1, null));
  }

  /// What a tool answered, as data for the model.
  private static String result(Run run, Step step) {
    JsonNode output = step.state() instanceof Step.Done done ? done.output() : Json.object();
    String text = output.isTextual() ? output.textValue() : output.toString();
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > MAX_RESULT_BYTES) {
      // What is left of a character that was cut becomes one that says so.
      text = new String(bytes, 0, MAX_RESULT_BYTES, StandardCharsets.UTF_8) + CUT;
    }
    return PromptTemplate.block(run.runId(), step.call().tool(), text);
  }
}
