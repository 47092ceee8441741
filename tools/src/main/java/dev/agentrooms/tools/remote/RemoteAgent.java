package dev.agentrooms.tools.remote;

import dev.agentrooms.tools.HttpTemplate;
import dev.agentrooms.tools.Tool;
import java.time.Duration;
import java.util.List;

/// An agent elsewhere, as a file declares it.
///
/// @param name of the tool as which a run calls it: `remote.WORKFLOW.STEP`
/// @param title shown to people
/// @param http URL and headers
/// @param timeout of its whole work for one run, a pause for a person not included
public record RemoteAgent(
    String name,
    String title,
    HttpTemplate http,
    Protocol protocol,
    OnCrash onCrash,
    Duration timeout) {

  /// What begins the names of such tools.
  public static final String PREFIX = "remote.";

  /// What it speaks.
  public enum Protocol {
    AG_UI("text/event-stream"),
    NDJSON("application/x-ndjson");

    final String accept;

    Protocol(String accept) {
      this.accept = accept;
    }
  }

  /// What becomes of a run whose process died while the agent worked.
  public enum OnCrash {
    FAIL,
    /// The agent is asked again, for the run of the same id.
    RETRY
  }

  /// Whether this tool is an agent elsewhere.
  public static boolean is(Tool tool) {
    return tool.name().startsWith(PREFIX);
  }

  /// The agent as something that a run can call.
  public Tool tool(Tool.Retry retry) {
    return new Tool(
        name,
        title,
        null,
        null,
        null,
        new Tool.Answer(false, null, List.of()),
        timeout,
        retry,
        false,
        false,
        List.of(),
        onCrash == OnCrash.FAIL,
        false);
  }
}
