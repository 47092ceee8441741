import dev.agentrooms.api.JavaTool;
import dev.agentrooms.api.ToolProvider;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/// Tools in a jar: a server that has it on the class path knows `to_dollars`.
public final class CurrencyTools implements ToolProvider {

  private static final String SCHEMA =
      """
      { "type": "object", "required": ["euros"], "properties": { "euros": { "type": "number" } } }
      """;

  @Override
  public Collection<JavaTool> tools() {
    return List.of(
        JavaTool.of(
                "to_dollars",
                SCHEMA,
                (arguments, context) ->
                    Map.of("dollars", arguments.path("euros").asDouble() * 1.25))
            .title("Convert to dollars")
            .idempotent());
  }
}
