package dev.agentrooms.embedded;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.agentrooms.api.JavaTool;
import dev.agentrooms.api.ToolFunction;
import dev.agentrooms.app.Embedded;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// A server in this process: agent and web UI, with tools and workflows in Java.
///
/// ```java
/// try (AgentRooms rooms =
///     AgentRooms.builder()
///         .tool("price", schema, (arguments, context) ->
/// prices.of(arguments.path("sku").asText())) .workflow("order", w -> w.tool("price", Map.of("sku",
/// "{{input.sku}}"))) .start()) { ... } ```
public final class AgentRooms implements AutoCloseable {

  private final Embedded server;

  private AgentRooms(Embedded server) {
    this.server = server;
  }

  public static Builder builder() {
    return new Builder();
  }

  /// Where runs are started.
  public URI agent() {
    return server.agent();
  }

  /// Where they are watched.
  public URI webUi() {
    return server.webUi();
  }

  /// Stops at once. What was accepted goes on at the next start, where the store outlives the
  /// process.
  @Override
  public void close() {
    server.close();
  }

  /// What the server is made of.
  public static final class Builder {

    private Config config = ConfigFactory.empty();
    private final List<JavaTool> tools = new ArrayList<>();
    private final Map<String, Object> workflows = new LinkedHashMap<>();

    private Builder() {}

    /// Settings, as `docs/configuration.md` lists them, which win over the environment and the
    /// defaults.
    public Builder config(Config settings) {
      config = settings;
      return this;
    }

    /// @param schema JSON Schema of the arguments, as text
    public Builder tool(String name, String schema, ToolFunction function) {
      return tool(JavaTool.of(name, schema, function));
    }

    public Builder tool(JavaTool tool) {
      tools.add(tool);
      return this;
    }

    public Builder workflow(String name, Consumer<WorkflowBuilder> steps) {
      WorkflowBuilder workflow = new WorkflowBuilder();
      steps.accept(workflow);
      workflows.put(name, workflow.written());
      return this;
    }

    /// Starts it, and returns when it serves.
    ///
    /// @throws RuntimeException with a message of one line, when a setting, a tool or a workflow is
    ///     wrong
    public AgentRooms start() {
      Config written = ConfigFactory.parseMap(Map.of("workflows", workflows), "builder");
      return new AgentRooms(Embedded.start(config, tools, written.root()));
    }
  }
}
