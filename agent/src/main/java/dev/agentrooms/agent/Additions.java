package dev.agentrooms.agent;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import dev.agentrooms.api.JavaTool;
import java.util.List;

/// Tools and workflows that code of the same process brings, besides those of the settings.
///
/// @param workflows as in a file: `workflows { ... }`
public record Additions(List<JavaTool> tools, ConfigObject workflows) {

  public static final Additions NONE = new Additions(List.of(), ConfigFactory.empty().root());

  public Additions {
    tools = List.copyOf(tools);
  }
}
