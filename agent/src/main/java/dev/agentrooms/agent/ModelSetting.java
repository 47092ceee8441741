package dev.agentrooms.agent;

import dev.agentrooms.http.BadSetting;
import dev.agentrooms.http.Settings;
import dev.agentrooms.tools.model.ApiKey;
import dev.agentrooms.tools.model.ModelSettings;
import dev.agentrooms.tools.model.ModelSettings.StructuredOutput;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/// Reads `agent.model`.
final class ModelSetting {

  private ModelSetting() {}

  /// @return null when there is no model
  static @Nullable ModelSettings from(Settings settings) {
    URI url = settings.optionalUrl("agent.model.url");
    String name = settings.optionalText("agent.model.name");
    String key = settings.optionalToken("agent.model.api-key");
    ModelSettings model =
        new ModelSettings(
            url == null ? URI.create("http://127.0.0.1") : url,
            name == null ? "" : name,
            key == null ? null : new ApiKey(key),
            settings.duration("agent.model.first-token-timeout"),
            settings.duration("agent.model.idle-timeout"),
            settings.duration("agent.model.timeout"),
            settings.oneOf("agent.model.structured-output", StructuredOutput.class),
            settings.size("agent.model.max-answer-size"),
            settings.integer("agent.model.max-concurrent", 1, 10_000));
    if (url != null && name == null) {
      throw new BadSetting("agent.model.name", "must be set when there is a model (AGENT_MODEL)");
    }
    return url == null ? null : model;
  }
}
