package dev.agentrooms.webui;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// A web UI without an agent that tests share, with rooms that retain five events. It is stopped
/// after the last test.
public final class SharedWebUi implements ParameterResolver {

  public static final int HISTORY_SIZE = 5;

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == TestWebUi.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(Namespace.GLOBAL)
        .computeIfAbsent(
            SharedWebUi.class,
            key ->
                TestWebUi.start(
                    "webui.room.history-size = " + HISTORY_SIZE,
                    "webui.agent-url = \"http://127.0.0.1:1\""),
            TestWebUi.class);
  }
}
