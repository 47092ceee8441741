package dev.agentrooms.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.InvalidField;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.MalformedJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The tools that a model may call in one step, as the model knows them. The model's name for
/// `crm.find` is `crm__find`, since the API has no dots in names.
public final class OfferedTools {

  private static final int MAX_TOKENS = 50_000;

  private final List<Tool> tools;

  private OfferedTools(List<Tool> tools) {
    this.tools = List.copyOf(tools);
  }

  /// @param patterns of the names of those that are offered; the model itself never is
  public static OfferedTools of(Tools all, List<String> patterns) {
    List<Tool> offered = new ArrayList<>();
    List<Tool> known = new ArrayList<>(all.all());
    known.addAll(all.others());
    for (Tool tool : known) {
      if (!tool.name().equals(ModelTools.NAME) && Globs.match(patterns, tool.name())) {
        offered.add(tool);
      }
    }
    return new OfferedTools(offered);
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
