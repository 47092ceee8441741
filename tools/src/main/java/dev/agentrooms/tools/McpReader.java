package dev.agentrooms.tools;

import com.typesafe.config.ConfigValue;
import dev.agentrooms.tools.mcp.McpServer;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads one entry of `mcp { ... }`.
final class McpReader {

  private static final List<String> KINDS = List.of("url", "command");

  private McpReader() {}

  /// @throws Mistake when it is invalid
  static McpServer read(String path, String key, ConfigValue value, ToolDefaults defaults) {
    String name = Definition.name(value.origin(), path, key);
    if (name.equals("remote")) {
      throw Mistake.at(value.origin(), path, "is what agents elsewhere are called by");
    }
    Definition server = Definition.of(path, value);
    boolean isHttp = server.kind(KINDS).equals("url");
    URI url = isHttp ? url(server) : null;
    List<String> command = isHttp ? List.of() : server.texts("command");
    if (!isHttp && (command.isEmpty() || command.getFirst().isBlank())) {
      throw server.mistake("command", "must be a list: a program, and its arguments");
    }
    Map<String, String> headers = isHttp ? headers(server) : Map.of();
    Map<String, String> env = isHttp ? Map.of() : texts(server.object("env"));
    McpServer read =
        new McpServer(
            name,
            url,
            headers,
            command,
            env,
            server.texts("allow"),
            server.has("approve") ? server.texts("approve") : null,
            server.duration("timeout", defaults.timeout()),
            new Tool.Retry(ToolDefaults.ATTEMPTS, defaults.retryDelay(), ToolDefaults.MAX_DELAY));
    server.end();
    return read;
  }

  private static URI url(Definition server) {
    String written = server.required("url", "the server's http or https URL");
    UrlTemplate url = server.template("url", UrlTemplate::parse, written);
    if (!url.paths().isEmpty()) {
      throw server.mistake("url", "cannot have a value of a run in it");
    }
    return URI.create(written);
  }

  private static Map<String, String> headers(Definition server) {
    Definition headers = server.object("headers");
    Map<String, String> texts = new LinkedHashMap<>();
    HeaderReader.read(headers)
        .forEach(
            (name, value) -> {
              if (!value.paths().isEmpty() && headers != null) {
                throw headers.mistake(name, "cannot have a value of a run in it");
              }
              texts.put(name, value.text(dev.agentrooms.protocol.Json.object()));
            });
    return texts;
  }

  private static Map<String, String> texts(@Nullable Definition object) {
    Map<String, String> texts = new LinkedHashMap<>();
    if (object != null) {
      for (Map.Entry<String, ConfigValue> member : object.members()) {
        String text = object.text(member.getKey());
        texts.put(member.getKey(), text == null ? "" : text);
      }
    }
    return texts;
  }

  /// The tools of servers of which nothing is known but what the file says.
  static ToolSource unlisted(List<McpServer> servers) {
    return new ToolSource() {
      @Override
      public Optional<Tool> find(String name) {
        int dot = name.indexOf('.');
        return servers.stream()
            .filter(server -> dot > 0 && server.name().equals(name.substring(0, dot)))
            .filter(server -> server.allows(name.substring(dot + 1)))
            .map(server -> server.tool(name.substring(dot + 1), null))
            .findFirst();
      }

      @Override
      public List<Tool> all() {
        return List.of();
      }
    };
  }
}
