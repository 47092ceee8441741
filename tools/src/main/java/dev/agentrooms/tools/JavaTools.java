package dev.agentrooms.tools;

import dev.agentrooms.api.JavaTool;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.MalformedJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Tools in Java, as what a run can call.
final class JavaTools {

  private static final String NAME = "[a-z][a-z0-9_]{0,40}";

  private JavaTools() {}

  /// @param taken the tools that there are already
  /// @throws BadDefinitions when a name or a schema cannot be
  static List<Tool> tools(List<JavaTool> written, Tools taken, ToolDefaults defaults) {
    List<Tool> tools = new ArrayList<>();
    for (JavaTool each : written) {
      String name = each.name();
      boolean isTwice = tools.stream().anyMatch(other -> other.name().equals(name));
      if (!name.matches(NAME)) {
        throw wrong(name, "is no name, which has 1 to 41 of a-z, 0-9 and _, the first a letter");
      }
      if (isTwice || taken.find(name).isPresent()) {
        throw wrong(name, "there is a tool of this name already");
      }
      tools.add(tool(each, defaults));
    }
    return tools;
  }

  private static Tool tool(JavaTool written, ToolDefaults defaults) {
    String title = written.title();
    return new Tool(
        written.name(),
        title == null ? ToolReader.titleOf(written.name()) : title,
        written.description(),
        null,
        schema(written),
        new Tool.Answer(false, null, List.of()),
        written.timeout() == null ? defaults.timeout() : written.timeout(),
        new Tool.Retry(ToolDefaults.ATTEMPTS, defaults.retryDelay(), ToolDefaults.MAX_DELAY),
        written.isIdempotent(),
        written.asksFirst(),
        List.of(),
        !written.isIdempotent(),
        false);
  }

  private static Schema schema(JavaTool written) {
    try {
      return Schema.of(Json.parse(written.schema().getBytes(StandardCharsets.UTF_8)));
    } catch (MalformedJson e) {
      throw wrong(written.name(), "its schema is no JSON: " + e.detail());
    } catch (Schema.Invalid e) {
      throw wrong(written.name(), "its schema " + e.detail());
    }
  }

  private static BadDefinitions wrong(String name, String what) {
    return new BadDefinitions(List.of(Mistake.inFile("the tool " + name + " in Java", what)));
  }
}
