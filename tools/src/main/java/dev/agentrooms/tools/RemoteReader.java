package dev.agentrooms.tools;

import dev.agentrooms.tools.remote.RemoteAgent;
import dev.agentrooms.tools.remote.RemoteAgent.OnCrash;
import dev.agentrooms.tools.remote.RemoteAgent.Protocol;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads `remote { url, protocol, headers, on_crash, timeout }`.
final class RemoteReader {

  // What an agent does takes longer than what a tool does.
  private static final Duration TIMEOUT = Duration.ofMinutes(10);

  private RemoteReader() {}

  /// @throws Mistake when it is invalid
  static RemoteAgent read(Definition remote, String workflow, String step, @Nullable String title) {
    UrlTemplate url =
        remote.template(
            "url", UrlTemplate::parse, remote.required("url", "the agent's http or https URL"));
    Protocol protocol = protocol(remote);
    OnCrash onCrash = remote.oneOf("on_crash", OnCrash.class, OnCrash.FAIL);
    Duration timeout = remote.duration("timeout", TIMEOUT);
    Map<String, Template> headers = HeaderReader.read(remote.object("headers"));
    remote.end();
    return new RemoteAgent(
        RemoteAgent.PREFIX + workflow + "." + step,
        title == null ? ToolReader.titleOf(step) : title,
        new HttpTemplate(HttpTemplate.Method.POST, url, headers, null),
        protocol,
        onCrash,
        timeout);
  }

  private static Protocol protocol(Definition remote) {
    String given = remote.has("protocol") ? remote.text("protocol") : word(Protocol.AG_UI);
    return Arrays.stream(Protocol.values())
        .filter(each -> word(each).equals(given))
        .findFirst()
        .orElseThrow(() -> remote.mistake("protocol", "must be one of " + words()));
  }

  private static String words() {
    return String.join(", ", Arrays.stream(Protocol.values()).map(RemoteReader::word).toList());
  }

  private static String word(Protocol protocol) {
    return protocol.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
