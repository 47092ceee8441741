package dev.agentrooms.tools.local;

import dev.agentrooms.api.JavaTool;
import dev.agentrooms.protocol.InvalidField;
import dev.agentrooms.tools.CallObserver;
import dev.agentrooms.tools.ToolCall;
import dev.agentrooms.tools.ToolResult;
import dev.agentrooms.tools.Toolbox;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Calls tools that are functions, each on a virtual thread of its own.
public final class LocalTools implements Toolbox {

  private final Map<String, JavaTool> tools = new LinkedHashMap<>();
  private final int maxAnswerSize;
  private final Toolbox others;

  /// @param maxAnswerSize the longest answer, as JSON in bytes
  /// @param others for all other tools
  public LocalTools(List<JavaTool> tools, int maxAnswerSize, Toolbox others) {
    this.maxAnswerSize = maxAnswerSize;
    this.others = others;
    tools.forEach(tool -> this.tools.put(tool.name(), tool));
  }

  @Override
  public Attempt call(ToolCall call, CallObserver observer) {
    JavaTool tool = tools.get(call.tool().name());
    if (tool == null) {
      return others.call(call, observer);
    }
    try {
      call.tool().check(call.arguments());
    } catch (InvalidField e) {
      return Attempt.ended(
          new ToolResult.Failed(ToolResult.Reason.INVALID_ARGUMENTS, null, e.detail() + "."));
    }
    LocalAttempt attempt = new LocalAttempt(tool, call, observer, maxAnswerSize);
    attempt.start();
    return attempt;
  }
}
