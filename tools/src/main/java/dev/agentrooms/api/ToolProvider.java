package dev.agentrooms.api;

import java.util.Collection;

/// Brings tools from a jar on the class path, which names its implementation in
/// `META-INF/services/dev.agentrooms.api.ToolProvider`. It is asked once, when the server starts.
public interface ToolProvider {

  Collection<JavaTool> tools();
}
