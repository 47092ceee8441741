package dev.agentrooms.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.InvalidField;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.MalformedJson;
import dev.agentrooms.tools.ToolResult.Reason;
import dev.agentrooms.tools.remote.RemoteAgent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The tools that a model may call in one step, as the model knows them. The model's name for
/// `crm.find` is `crm__find`, since the API has no dots in names.
public final class OfferedTools {

  /// How many tools one workflow may have.
  public static final int MAX = 32;

  private static final int MAX_TOKENS = 50_000;

  private final List<Tool> tools;

  private OfferedTools(List<Tool> tools) {
    this.tools = List.copyOf(tools);
  }

  /// @param patterns of the names of those that are offered; the model itself never is, nor is an
  ///     agent elsewhere, which is a step
  public static OfferedTools of(Tools all, Collection<String> patterns) {
    List<Tool> offered = new ArrayList<>();
    List<Tool> known = new ArrayList<>(all.all());
    known.addAll(all.others());
    for (Tool tool : known) {
      if (!tool.name().equals(ModelTools.NAME)
          && !RemoteAgent.is(tool)
          && Globs.match(patterns, tool.name())) {
        offered.add(tool);
      }
    }
    return new OfferedTools(offered);
  }

  /// How many tools these names and patterns stand for, as far as it is known now. A name counts
  /// whether or not there is such a tool yet.
  static int count(Tools all, Collection<String> patterns) {
    Set<String> names = new HashSet<>();
    patterns.stream().filter(pattern -> !Globs.isPattern(pattern)).forEach(names::add);
    of(all, patterns).tools.forEach(tool -> names.add(tool.name()));
    return names.size();
  }

  /// Why the model steps of a workflow cannot begin at the moment; null when they can. What a
  /// pattern stands for is known only once the servers have listed their tools.
  public static ToolResult.@Nullable Failed unable(Tools all, Workflow workflow) {
    ToolResult.Failed missing = all.missing(workflow.tools());
    if (missing != null) {
      return missing;
    }
    int count = count(all, workflow.tools());
    return count <= MAX
        ? null
        : new ToolResult.Failed(
            Reason.TOO_MANY_TOOLS,
            null,
            "The workflow would have "
                + count
                + " tools, and "
                + MAX
                + " are the limit. Name fewer, or let the MCP server's allow be narrower.");
  }

  public Optional<Tool> find(String nameOfModel) {
    return tools.stream().filter(tool -> toModel(tool).equals(nameOfModel)).findFirst();
  }

  private static String toModel(Tool tool) {
    return tool.name().replace(".", "__");
  }

  /// As the API takes them.
  public ArrayNode json() {
    ArrayNode all = Json.mapper().createArrayNode();
    for (Tool tool : tools) {
      ObjectNode function =
          all.addObject().put("type", "function").putObject("function").put("name", toModel(tool));
      function.put("description", tool.description() == null ? tool.title() : tool.description());
      function.set(
          "parameters",
          tool.parameters() == null
              ? Json.object().put("type", "object")
              : tool.parameters().json());
    }
    return all;
  }

  /// What the model wrote, as JSON; nothing is no arguments.
  ///
  /// @throws MalformedJson when it is none
  public static JsonNode written(String written) {
    return written.isBlank()
        ? Json.object()
        : Json.parse(written.getBytes(StandardCharsets.UTF_8), MAX_TOKENS);
  }

  /// What a tool is sent of what the model wrote: the members that its schema has.
  ///
  /// @throws InvalidField when they do not fit the schema
  /// @throws MalformedJson when they are no JSON
  public static ObjectNode arguments(Tool tool, String written) {
    if (!(written(written) instanceof ObjectNode arguments)) {
      throw new InvalidField("arguments", "arguments must be an object");
    }
    Schema schema = tool.parameters();
    if (schema == null) {
      return arguments;
    }
    JsonNode members = schema.json().path("properties");
    if (members.isObject() && !schema.json().has("additionalProperties")) {
      List<String> others = new ArrayList<>();
      arguments
          .fieldNames()
          .forEachRemaining(
              name -> {
                if (!members.has(name)) {
                  others.add(name);
                }
              });
      arguments.remove(others);
    }
    schema.check("arguments", arguments);
    return arguments;
  }
}
