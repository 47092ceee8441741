package dev.agentrooms.tools;

import dev.agentrooms.api.JavaTool;
import dev.agentrooms.api.ToolProvider;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.MalformedJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/// Tools in Java, as what a run can call.
public final class JavaTools {

  private static final String NAME = "[a-z][a-z0-9_]{0,40}";

  private JavaTools() {}

  /// Those that jars on the class path bring.
  ///
  /// @throws BadDefinitions naming the class that fails, and how
  public static List<JavaTool> provided() {
    return provided(ServiceLoader.load(ToolProvider.class));
  }

  static List<JavaTool> provided(ServiceLoader<ToolProvider> providers) {
    List<JavaTool> all = new ArrayList<>();
    String name = ToolProvider.class.getName();
    try {
      for (ServiceLoader.Provider<ToolProvider> each : providers.stream().toList()) {
        name = each.type().getName();
        all.addAll(List.copyOf(each.get().tools()));
      }
    } catch (ServiceConfigurationError e) {
      // Its message names class and file.
      throw new BadDefinitions(
          List.of(Mistake.inFile("tools in Java", because(e, String.valueOf(e.getMessage())))));
    } catch (RuntimeException | LinkageError e) {
      // The code of others, which may do what it likes, and must not be a riddle.
      throw new BadDefinitions(
          List.of(Mistake.inFile(name, because(e, "its tools cannot be listed: " + e))));
    }
    return all;
  }

  private static String because(Throwable failure, String what) {
    Throwable cause = failure.getCause();
    return cause == null ? what : what + ", because of " + cause;
  }

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
