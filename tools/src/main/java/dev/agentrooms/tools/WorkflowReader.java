package dev.agentrooms.tools;

import com.typesafe.config.ConfigValue;
import dev.agentrooms.tools.remote.RemoteAgent;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads one entry of `workflows { ... }`.
final class WorkflowReader {

  private static final int MAX_STEPS = 64;
  // The step of a workflow that is a remote agent.
  private static final String WHOLE = "work";
  private static final int MAX_OPTIONS = 20;
  private static final int MAX_TURNS = 8;
  private static final int MAX_TOOL_CALLS = 20;
  private static final List<String> KINDS = List.of("tool", "model", "ask", "agent", "remote");
  private static final List<String> ROOTS =
      List.of("input", "question", "run_id", "session_id", "steps");

  /// The tools that a step may name.
  ///
  /// @param declared names of the file's tools, invalid ones included
  record Known(Tools tools, Set<String> declared) {}

  private final Known known;
  private final Consumer<Mistake> mistakes;
  private final List<RemoteAgent> remotes = new ArrayList<>();

  /// @param mistakes collects the mistakes of steps, so that all of them are reported
  WorkflowReader(Known known, Consumer<Mistake> mistakes) {
    this.known = known;
    this.mistakes = mistakes;
  }

  /// @throws Mistake when it is invalid
  Workflow read(String path, String key, ConfigValue value) {
    String name = Definition.name(value.origin(), path, key);
    Definition workflow = Definition.of(path, value);
    String description = workflow.text("description");
    List<Match> match = new ArrayList<>();
    for (String pattern : workflow.texts("match")) {
      match.add(workflow.template("match", Match::parse, pattern));
    }
    Schema input = workflow.schema("input");
    List<Step> steps = workflow.has("remote") ? whole(workflow, name) : steps(workflow, name);
    JsonTemplate result = workflow.jsonTemplate("result");
    if (result != null) {
      check(workflow, "result", result.paths(), names(workflow));
    }
    workflow.end();
    Workflow read = new Workflow(name, description, match, input, steps, result);
    if (OfferedTools.count(known.tools(), read.tools()) > OfferedTools.MAX) {
      throw workflow.mistake("steps", "must call " + OfferedTools.MAX + " tools at most");
    }
    return read;
  }

  /// The remote agents of all workflows that were read.
  List<RemoteAgent> remotes() {
    return List.copyOf(remotes);
  }

  /// A workflow that is a remote agent has one step.
  private List<Step> whole(Definition workflow, String name) {
    if (workflow.has("steps")) {
      throw workflow.mistake("remote", "cannot stand beside steps");
    }
    Step.Action action = callRemote(workflow, name, WHOLE, null, Set.of());
    return List.of(new Step(WHOLE, null, null, Step.OnError.FAIL, action));
  }

  private Step.Action callRemote(
      Definition at, String workflow, String step, @Nullable String title, Set<String> earlier) {
    Definition remote = at.object("remote");
    if (remote == null) {
      throw at.mistake("remote", "must be an object, in braces");
    }
    RemoteAgent agent = RemoteReader.read(remote, workflow, step, title);
    check(at, "remote", agent.http().paths(), earlier);
    remotes.add(agent);
    return new Step.CallRemote(agent.name());
  }

  private List<Step> steps(Definition workflow, String workflowName) {
    List<ConfigValue> given = workflow.list("steps");
    if (given.isEmpty() || given.size() > MAX_STEPS) {
      throw workflow.mistake("steps", "must be a list of 1 to " + MAX_STEPS + " steps");
    }
    Set<String> earlier = new LinkedHashSet<>();
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < given.size(); i++) {
      try {
        Definition step = Definition.of(workflow.path("steps") + "[" + i + "]", given.get(i));
        steps.add(step(step, workflowName, earlier));
      } catch (Mistake e) {
        mistakes.accept(e);
      }
      nameOf(given.get(i)).ifPresent(earlier::add);
    }
    return steps;
  }

  private static Set<String> names(Definition workflow) {
    Set<String> names = new LinkedHashSet<>();
    workflow.list("steps").forEach(step -> nameOf(step).ifPresent(names::add));
    return names;
  }

  // Also of a step that is wrong, so that others may name it.
  private static Optional<String> nameOf(ConfigValue step) {
    return step.unwrapped() instanceof Map<?, ?> members
            && members.get("name") instanceof String name
        ? Optional.of(name)
        : Optional.empty();
  }

  private Step step(Definition step, String workflow, Set<String> earlier) {
    String name = step.required("name", "the step's name");
    ConfigValue written = step.value("name");
    Definition.name(written == null ? step.origin() : written.origin(), step.path("name"), name);
    if (earlier.contains(name)) {
      throw step.mistake("name", "there is a step \"" + name + "\" before");
    }
    String title = step.title("title", 100);
    String when = step.text("when");
    Condition condition = when == null ? null : step.template("when", Condition::parse, when);
    if (condition != null) {
      check(step, "when", List.of(condition.path()), earlier);
    }
    Step.OnError onError = step.oneOf("on_error", Step.OnError.class, Step.OnError.FAIL);
    String kind = step.kind(KINDS);
    Step.Action action =
        switch (kind) {
          case "tool" -> callTool(step, earlier);
          case "remote" -> callRemote(step, workflow, name, title, earlier);
          case "model" -> askModel(step, earlier);
          case "agent" -> useAgent(step, earlier);
          case "ask" -> askPerson(step, earlier);
          default -> throw new IllegalStateException(kind);
        };
    step.end();
    return new Step(name, title, condition, onError, action);
  }

  private static Step.Action askPerson(Definition step, Set<String> earlier) {
    Definition ask = step.object("ask");
    if (ask == null) {
      throw step.mistake("ask", "must be an object, in braces");
    }
    Template prompt =
        ask.template("prompt", Template::parse, ask.required("prompt", "what the person is asked"));
    check(ask, "prompt", prompt.paths(), earlier);
    JsonTemplate value = ask.jsonTemplate("value");
    check(ask, "value", value == null ? List.of() : value.paths(), earlier);
    boolean edit = ask.flag("edit");
    Schema schema = ask.schema("schema");
    List<String> options = ask.texts("options");
    if (schema != null && !edit) {
      throw ask.mistake("schema", "needs edit = true");
    }
    if (schema != null && !options.isEmpty()) {
      throw ask.mistake("options", "cannot stand beside a schema, which has enum");
    }
    if (ask.has("options") && (options.isEmpty() || options.size() > MAX_OPTIONS)) {
      throw ask.mistake("options", "must be a list of 1 to " + MAX_OPTIONS + " texts");
    }
    ask.end();
    return new Step.AskPerson(prompt, value, edit, schema, options);
  }

  private static Step.Action askModel(Definition step, Set<String> earlier) {
    Definition model = step.object("model");
    if (model == null) {
      throw step.mistake("model", "must be an object, in braces");
    }
    PromptTemplate system = prompt(model, "system", model.text("system"), earlier);
    PromptTemplate prompt =
        prompt(model, "prompt", model.required("prompt", "what the model is asked"), earlier);
    Schema schema = model.schema("schema");
    boolean streams = model.has("stream") ? model.flag("stream") : schema == null;
    if (streams && schema != null) {
      throw model.mistake("stream", "is not possible with a schema");
    }
    model.end();
    return new Step.AskModel(system, Objects.requireNonNull(prompt), schema, streams);
  }

  private Step.Action useAgent(Definition step, Set<String> earlier) {
    Definition agent = step.object("agent");
    if (agent == null) {
      throw step.mistake("agent", "must be an object, in braces");
    }
    PromptTemplate system = prompt(agent, "system", agent.text("system"), earlier);
    PromptTemplate prompt =
        prompt(agent, "prompt", agent.required("prompt", "what the model is to do"), earlier);
    List<String> tools = agent.texts("tools");
    for (String name : tools) {
      // What an MCP server has is only known when it is asked.
      if (!Globs.isPattern(name) && !name.contains(".")) {
        known(agent, "tools", name);
      }
    }
    int maxTurns = agent.integer("max_turns", 1, 100, MAX_TURNS);
    int maxToolCalls = agent.integer("max_tool_calls", 1, 1000, MAX_TOOL_CALLS);
    agent.end();
    return new Step.UseAgent(system, Objects.requireNonNull(prompt), tools, maxTurns, maxToolCalls);
  }

  private Optional<Tool> known(Definition at, String key, String name) {
    Optional<Tool> tool = known.tools().find(name);
    if (tool.isEmpty() && !known.declared().contains(name)) {
      String all = String.join(", ", known.tools().names());
      throw at.mistake(key, "there is no tool \"" + name + "\"; there are: " + all);
    }
    return tool;
  }

  private static @Nullable PromptTemplate prompt(
      Definition model, String key, @Nullable String text, Set<String> earlier) {
    if (text == null) {
      return null;
    }
    PromptTemplate prompt = model.template(key, PromptTemplate::parse, text);
    check(model, key, prompt.paths(), earlier);
    return prompt;
  }

  private Step.Action callTool(Definition step, Set<String> earlier) {
    String name = step.required("tool", "the name of a tool");
    Optional<Tool> tool = known(step, "tool", name);
    for (ValuePath path : tool.map(Tool::paths).orElse(List.of())) {
      String wrong = References.wrongStep(path, earlier);
      if (wrong != null) {
        throw step.mistake("tool", "the tool's " + wrong);
      }
    }
    JsonTemplate arguments = step.jsonTemplate("with");
    if (arguments != null) {
      if (!(arguments instanceof JsonTemplate.Members)) {
        throw step.mistake("with", "must be an object, in braces");
      }
      check(step, "with", arguments.paths(), earlier);
    }
    return new Step.CallTool(name, arguments);
  }

  private static void check(Definition at, String key, List<ValuePath> paths, Set<String> earlier) {
    for (ValuePath path : paths) {
      String wrong = wrong(path, earlier);
      if (wrong != null) {
        throw at.mistake(key, wrong);
      }
    }
  }

  private static @Nullable String wrong(ValuePath path, Set<String> earlier) {
    String wrong = References.wrongRoot(path, ROOTS);
    return wrong == null ? References.wrongStep(path, earlier) : wrong;
  }

  static String notYet(String what) {
    return what + " are not there yet";
  }
}
