package dev.agentrooms.agent.flow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.agent.session.Agent;
import dev.agentrooms.agent.session.Next;
import dev.agentrooms.agent.session.Plan;
import dev.agentrooms.agent.session.Run;
import dev.agentrooms.agent.session.RunSpec;
import dev.agentrooms.protocol.InvalidField;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.RunRequest;
import dev.agentrooms.tools.Tools;
import dev.agentrooms.tools.Workflow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Gives each run to its agent: that of the workflow which the request names, else of the first
/// whose `match` finds the question, else the built-in one.
public final class Agents implements Agent {

  private final Agent builtIn;
  private final List<Workflow> workflows;
  private final Map<String, Agent> declared = new LinkedHashMap<>();

  /// @param builtIn for questions that no declared workflow matches
  public Agents(Agent builtIn, List<Workflow> workflows, Tools tools) {
    this.builtIn = builtIn;
    this.workflows = List.copyOf(workflows);
    workflows.forEach(each -> declared.put(each.name(), new WorkflowAgent(each, tools)));
  }

  /// @throws InvalidField when there is no such workflow, or it does not take this input
  public void check(RunRequest request) {
    String asked = request.workflow();
    if (asked == null || QuizAgent.INTENTS.contains(asked)) {
      return;
    }
    Workflow workflow =
        workflows.stream()
            .filter(each -> each.name().equals(asked))
            .findFirst()
            .orElseThrow(
                () ->
                    new InvalidField(
                        "workflow", "There is no workflow " + asked + "; there are: " + names()));
    if (workflow.input() != null) {
      workflow.input().check("input", request.input() == null ? Json.object() : request.input());
    }
  }

  /// The workflows that a request may be given to by their descriptions, by name; none when it is
  /// settled which one it is.
  public Map<String, String> choice(RunRequest request) {
    Map<String, String> choice = new LinkedHashMap<>();
    if (request.workflow() != null
        || request.submission() != null
        || workflows.stream().anyMatch(workflow -> workflow.isFor(request.question()))) {
      return choice;
    }
    choice.putAll(QuizAgent.descriptions());
    for (Workflow workflow : workflows) {
      if (workflow.description() != null && takes(workflow, request)) {
        choice.put(workflow.name(), workflow.description());
      }
    }
    return choice;
  }

  private static boolean takes(Workflow workflow, RunRequest request) {
    try {
      if (workflow.input() != null) {
        workflow.input().check("input", request.input() == null ? Json.object() : request.input());
      }
      return true;
    } catch (InvalidField e) {
      return false;
    }
  }

  /// All workflows as `GET /api/agent/workflows` lists them, the built-in ones first.
  public ObjectNode list() {
    ObjectNode list = Json.object();
    ArrayNode all = list.putArray("workflows");
    QuizAgent.describe(all);
    for (Workflow workflow : workflows) {
      ObjectNode each = all.addObject().put("name", workflow.name());
      each.put("description", workflow.description()).put("built_in", false);
      ArrayNode steps = each.putArray("steps");
      workflow
          .steps()
          .forEach(
              step -> steps.addObject().put("name", step.name()).put("kind", step.action().kind()));
      workflow.tools().forEach(each.putArray("tools")::add);
      each.set("input", workflow.input() == null ? null : workflow.input().json());
    }
    return list;
  }

  /// The names of all events that begin a step, such as `start_retrieval`.
  public List<String> startSteps() {
    List<String> steps = new ArrayList<>();
    QuizAgent.INTENTS.forEach(intent -> steps.addAll(QuizAgent.steps(intent)));
    workflows.forEach(each -> each.steps().forEach(step -> steps.add("start_" + step.name())));
    return steps.stream().filter(step -> step.startsWith("start_")).distinct().toList();
  }

  private String names() {
    List<String> names = new ArrayList<>(QuizAgent.INTENTS);
    names.addAll(declared.keySet());
    return String.join(", ", names);
  }

  @Override
  public Plan plan(RunSpec spec) {
    return of(chosen(spec)).plan(spec);
  }

  // A submission is always graded, whatever the question says.
  private @Nullable String chosen(RunSpec spec) {
    if (spec.workflow() != null || spec.submission() != null) {
      return spec.workflow();
    }
    return workflows.stream()
        .filter(workflow -> workflow.isFor(spec.question()))
        .map(Workflow::name)
        .findFirst()
        .orElse(null);
  }

  @Override
  public Next next(Run run) {
    return of(run.planned().intent()).next(run);
  }

  @Override
  public String text(String intent, JsonNode result) {
    return of(intent).text(intent, result);
  }

  @Override
  public boolean isUngrounded(String intent, JsonNode result) {
    return of(intent).isUngrounded(intent, result);
  }

  private Agent of(@Nullable String workflow) {
    return workflow == null ? builtIn : declared.getOrDefault(workflow, builtIn);
  }
}
