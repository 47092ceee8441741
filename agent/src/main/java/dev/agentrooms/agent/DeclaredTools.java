package dev.agentrooms.agent;

import dev.agentrooms.agent.flow.QuizAgent;
import dev.agentrooms.api.JavaTool;
import dev.agentrooms.http.BadSetting;
import dev.agentrooms.http.Settings;
import dev.agentrooms.tools.BadDefinitions;
import dev.agentrooms.tools.Definitions;
import dev.agentrooms.tools.JavaTools;
import dev.agentrooms.tools.Mistake;
import dev.agentrooms.tools.ToolDefaults;
import dev.agentrooms.tools.Tools;
import dev.agentrooms.tools.Workflow;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Reads the tools and workflows that are declared: the built-in ones in `reference.conf`, and
/// those of a file of the operator's own.
public final class DeclaredTools {

  private static final String BUILT_IN = "agent.tools.built-in";
  private static final String FILE = "agent.workflows.file";
  private static final String RETRY_DELAY = "agent.tools.retry-delay";

  private DeclaredTools() {}

  /// @param builtIn names of workflows that a file may not declare
  /// @throws BadSetting when one of them cannot be
  static Definitions from(Settings settings, Set<String> builtIn, Additions additions) {
    ToolDefaults defaults = defaults(settings);
    String file = settings.optionalText(FILE);
    try {
      Definitions there = withJava(settings, additions, defaults);
      Definitions read =
          file == null ? there : there.and(Definitions.file(Path.of(file)), builtIn, defaults);
      Definitions all = read.and(additions.workflows(), builtIn, defaults);
      requireModel(settings, all);
      return all;
    } catch (BadDefinitions e) {
      throw new BadSetting(file == null ? BUILT_IN : FILE, e.mistakes().getFirst().line());
    }
  }

  private static void requireModel(Settings settings, Definitions all) {
    if (settings.optionalUrl("agent.model.url") != null) {
      return;
    }
    for (Workflow workflow : all.workflows()) {
      if (workflow.needsModel()) {
        throw new BadSetting(
            "agent.model.url",
            "must be set (AGENT_MODEL_URL), because the workflow "
                + workflow.name()
                + " needs a model");
      }
    }
  }

  /// Everything that is wrong with a file of tools and workflows, a line each; nothing when a
  /// server would start with it.
  ///
  /// @throws BadSetting when a setting is wrong that its tools depend on
  public static List<String> mistakes(Settings settings, Path file) {
    ToolDefaults defaults = defaults(settings);
    try {
      withJava(settings, Additions.NONE, defaults)
          .and(Definitions.file(file), Set.copyOf(QuizAgent.INTENTS), defaults);
      return List.of();
    } catch (BadDefinitions e) {
      return e.mistakes().stream().map(Mistake::line).toList();
    }
  }

  // The tools of the server's own, and those in Java.
  private static Definitions withJava(
      Settings settings, Additions additions, ToolDefaults defaults) {
    Tools tools = Definitions.tools(Settings.load(named(settings)), BUILT_IN, defaults);
    List<JavaTool> written = new ArrayList<>(JavaTools.provided());
    written.addAll(additions.tools());
    return new Definitions(tools, List.of()).and(written, defaults);
  }

  private static ToolDefaults defaults(Settings settings) {
    return new ToolDefaults(
        settings.duration("agent.tools.timeout"), settings.duration(RETRY_DELAY));
  }

  // What the built-in tools take from other settings, as these have been read: a URL has no slash
  // at its end any more.
  private static Map<String, String> named(Settings settings) {
    Map<String, String> named = new HashMap<>();
    for (String url : List.of(NotesWiring.RAG, NotesWiring.GENERATOR)) {
      named.put(url, NotesWiring.url(settings, url).toString());
    }
    named.put(RETRY_DELAY, settings.duration(RETRY_DELAY).toMillis() + "ms");
    return named;
  }
}
