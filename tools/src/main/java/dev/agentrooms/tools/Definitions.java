package dev.agentrooms.tools;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValue;
import dev.agentrooms.api.JavaTool;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.tools.WorkflowReader.Known;
import dev.agentrooms.tools.mcp.McpServer;
import dev.agentrooms.tools.remote.RemoteAgent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// All tools, and the declared workflows.
///
/// @param workflows in file order
/// @param remotes the agents elsewhere that the workflows name
/// @param servers the MCP servers
/// @param locals the tools that are written in Java
public record Definitions(
    Tools tools,
    List<Workflow> workflows,
    List<RemoteAgent> remotes,
    List<McpServer> servers,
    List<JavaTool> locals) {

  private static final int MAX_WORKFLOWS = 200;
  private static final String MCP = "mcp";

  public Definitions {
    workflows = List.copyOf(workflows);
    remotes = List.copyOf(remotes);
    servers = List.copyOf(servers);
    locals = List.copyOf(locals);
  }

  /// Without anything that is elsewhere.
  public Definitions(Tools tools, List<Workflow> workflows) {
    this(tools, workflows, List.of(), List.of(), List.of());
  }

  public Optional<Workflow> workflow(String name) {
    return workflows.stream().filter(workflow -> workflow.name().equals(name)).findFirst();
  }

  /// Reads the built-in tools, at `path` of a resolved configuration. A call of one that a crash
  /// interrupts is made again, under the same key.
  ///
  /// @throws BadDefinitions when one of them is invalid
  public static Tools tools(Config config, String path, ToolDefaults defaults) {
    List<Mistake> mistakes = new ArrayList<>();
    Tools tools =
        Tools.of(
            tools(
                path, config.getValue(path), new ToolReader(defaults, true), Tools.NONE, mistakes));
    refuse(mistakes);
    return tools;
  }

  /// Reads a file, and adds the built-in tools.
  ///
  /// @param builtIn tools that its workflows may name, too
  /// @param taken names that its workflows may not have
  /// @throws BadDefinitions when it cannot be read, or has a mistake
  public static Definitions read(
      Path file, Tools builtIn, Set<String> taken, ToolDefaults defaults) {
    return new Definitions(builtIn, List.of()).and(file(file), taken, defaults);
  }

  /// A file, as [#and] takes it.
  ///
  /// @throws BadDefinitions when it cannot be read
  public static ConfigObject file(Path file) {
    String name = file.toString();
    try {
      if (!Files.isReadable(file) || Files.isDirectory(file)) {
        throw Mistake.inFile(name, "there is no such file, or it cannot be read");
      }
      ConfigObject root =
          ConfigFactory.parseFile(
                  file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false))
              .resolve()
              .root();
      if (Hocon.isDeeper(root, Json.MAX_DEPTH)) {
        throw tooDeep(name);
      }
      return root;
    } catch (Mistake e) {
      throw new BadDefinitions(List.of(e));
    } catch (ConfigException e) {
      throw new BadDefinitions(List.of(Mistake.inFile(name, why(e, name))));
    } catch (StackOverflowError e) {
      // Parser and resolver of the library recurse without a bound.
      throw new BadDefinitions(List.of(tooDeep(name)));
    }
  }

  /// These definitions and tools in Java.
  ///
  /// @throws BadDefinitions when one of them cannot be
  public Definitions and(List<JavaTool> written, ToolDefaults defaults) {
    List<JavaTool> all = new ArrayList<>(locals);
    all.addAll(written);
    return new Definitions(
        tools.and(JavaTools.tools(written, tools, defaults)), workflows, remotes, servers, all);
  }

  /// These definitions and those of another configuration, which may name them.
  ///
  /// @param taken names that its workflows may not have, besides those that there are
  /// @throws BadDefinitions when it has a mistake
  public Definitions and(ConfigObject written, Set<String> taken, ToolDefaults defaults) {
    return and(Definition.of("", written), taken, defaults);
  }

  private Definitions and(Definition all, Set<String> taken, ToolDefaults defaults) {
    List<Mistake> mistakes = new ArrayList<>();
    ConfigValue written = all.value("tools");
    Tools known =
        written == null
            ? tools
            : tools.and(tools("tools", written, new ToolReader(defaults, false), tools, mistakes));
    List<McpServer> reachable = new ArrayList<>(servers);
    reachable.addAll(servers(all.value(MCP), defaults, mistakes));
    if (!reachable.isEmpty()) {
      known = known.alsoFrom(McpReader.unlisted(reachable));
    }
    WorkflowReader reader = new WorkflowReader(new Known(known, keys(written)), mistakes::add);
    Set<String> names = new HashSet<>(taken);
    workflows.forEach(workflow -> names.add(workflow.name()));
    List<Workflow> more = new ArrayList<>(workflows);
    more.addAll(workflows(all.object("workflows"), reader, names, mistakes));
    try {
      all.end();
    } catch (Mistake e) {
      mistakes.add(e);
    }
    refuse(mistakes);
    Tool.Retry retry =
        new Tool.Retry(ToolDefaults.ATTEMPTS, defaults.retryDelay(), ToolDefaults.MAX_DELAY);
    List<Tool> called = reader.remotes().stream().map(each -> each.tool(retry)).toList();
    List<RemoteAgent> elsewhere = new ArrayList<>(remotes);
    elsewhere.addAll(reader.remotes());
    return new Definitions(known.and(called), more, elsewhere, reachable, locals);
  }

  private static void refuse(List<Mistake> mistakes) {
    if (!mistakes.isEmpty()) {
      throw new BadDefinitions(mistakes);
    }
  }

  private static List<Tool> tools(
      String path, ConfigValue value, ToolReader reader, Tools builtIn, List<Mistake> mistakes) {
    List<Tool> tools = new ArrayList<>();
    for (Map.Entry<String, ConfigValue> entry : entries(path, value, mistakes)) {
      String at = path + "." + entry.getKey();
      try {
        if (builtIn.find(entry.getKey()).isPresent()) {
          throw Mistake.at(entry.getValue().origin(), at, "there is a tool of this name already");
        }
        if (entry.getKey().equals(ModelTools.NAME)) {
          throw Mistake.at(
              entry.getValue().origin(), at, "is what the model is called among the tools");
        }
        tools.add(reader.read(at, entry.getKey(), entry.getValue()));
      } catch (Mistake e) {
        mistakes.add(e);
      }
    }
    return tools;
  }

  private static List<McpServer> servers(
      @Nullable ConfigValue value, ToolDefaults defaults, List<Mistake> mistakes) {
    List<McpServer> servers = new ArrayList<>();
    if (value == null) {
      return servers;
    }
    for (Map.Entry<String, ConfigValue> entry : entries(MCP, value, mistakes)) {
      try {
        String at = MCP + "." + entry.getKey();
        servers.add(McpReader.read(at, entry.getKey(), entry.getValue(), defaults));
      } catch (Mistake e) {
        mistakes.add(e);
      }
    }
    return servers;
  }

  // Empty for a value that is not an object: that mistake is reported elsewhere.
  private static Set<String> keys(@Nullable ConfigValue tools) {
    return tools instanceof ConfigObject object ? object.keySet() : Set.of();
  }

  private static List<Workflow> workflows(
      @Nullable Definition all, WorkflowReader reader, Set<String> taken, List<Mistake> mistakes) {
    List<Workflow> workflows = new ArrayList<>();
    if (all == null) {
      return workflows;
    }
    for (Map.Entry<String, ConfigValue> entry : all.members()) {
      String at = all.path(entry.getKey());
      try {
        if (taken.contains(entry.getKey())) {
          throw Mistake.at(
              entry.getValue().origin(), at, "is the name of a workflow that is built in");
        }
        workflows.add(reader.read(at, entry.getKey(), entry.getValue()));
      } catch (Mistake e) {
        mistakes.add(e);
      }
    }
    if (workflows.size() > MAX_WORKFLOWS) {
      mistakes.add(
          Mistake.at(all.origin(), all.path(), "must be " + MAX_WORKFLOWS + " workflows at most"));
    }
    return workflows;
  }

  private static Collection<Map.Entry<String, ConfigValue>> entries(
      String path, ConfigValue value, List<Mistake> mistakes) {
    try {
      return Definition.of(path, value).members();
    } catch (Mistake e) {
      mistakes.add(e);
      return List.of();
    }
  }

  private static String why(ConfigException failure, String file) {
    String message = String.valueOf(failure.getMessage());
    return message.startsWith(file + ":") ? message.substring(file.length() + 1).strip() : message;
  }

  private static Mistake tooDeep(String file) {
    return Mistake.inFile(file, "is nested more than " + Json.MAX_DEPTH + " deep");
  }
}
