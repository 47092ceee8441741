package dev.agentrooms.agent;

import dev.agentrooms.http.BadSetting;
import dev.agentrooms.http.Settings;
import dev.agentrooms.tools.BadDefinitions;
import dev.agentrooms.tools.Definitions;
import dev.agentrooms.tools.ToolDefaults;
import dev.agentrooms.tools.Tools;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Reads the tools and workflows that are declared: the built-in ones in `reference.conf`, and
/// those of a file of the operator's own.
final class DeclaredTools {

  private static final String BUILT_IN = "agent.tools.built-in";
  private static final String FILE = "agent.workflows.file";
  private static final String RETRY_DELAY = "agent.tools.retry-delay";

  private DeclaredTools() {}

  /// @param builtIn names of workflows that a file may not declare
  /// @throws BadSetting when one of them cannot be
  static Definitions from(Settings settings, Set<String> builtIn) {
    ToolDefaults defaults =
        new ToolDefaults(settings.duration("agent.tools.timeout"), settings.duration(RETRY_DELAY));
    String file = settings.optionalText(FILE);
    try {
      Tools tools = Definitions.tools(Settings.load(named(settings)), BUILT_IN, defaults);
      return file == null
          ? new Definitions(tools, List.of())
          : Definitions.read(Path.of(file), tools, builtIn, defaults);
    } catch (BadDefinitions e) {
      throw new BadSetting(file == null ? BUILT_IN : FILE, e.mistakes().getFirst().line());
    }
  }

  // What the built-in tools take from other settings, as these have been read: a URL has no slash
  // at its end any more.
  private static Map<String, String> named(Settings settings) {
    Map<String, String> named = new HashMap<>();
    for (String url : List.of("agent.tools.rag.url", "agent.tools.test-generator.url")) {
      named.put(url, settings.url(url).toString());
    }
    named.put(RETRY_DELAY, settings.duration(RETRY_DELAY).toMillis() + "ms");
    return named;
  }
}
