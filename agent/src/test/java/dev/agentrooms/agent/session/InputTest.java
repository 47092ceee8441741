package dev.agentrooms.agent.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.agentrooms.protocol.Decision;
import dev.agentrooms.protocol.InvalidField;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.tools.InputRequest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class InputTest {

  private static final JsonNode SCHEMA =
      Json.parse("{\"type\":\"integer\"}".getBytes(StandardCharsets.UTF_8));

  @Test
  void whatWasShownCountsOnlyWhereItWouldCountAsAnAnswer() {
    assertThatThrownBy(() -> approve(new TextNode("three"), SCHEMA, List.of()))
        .isInstanceOfSatisfying(
            InvalidField.class,
            e -> {
              assertThat(e.field()).isEqualTo("value");
              assertThat(e.detail()).contains("must be of the type integer");
            });
    assertThatThrownBy(() -> approve(new TextNode("green"), null, List.of("red", "blue")))
        .isInstanceOf(InvalidField.class);
    assertThat(approve(Json.mapper().getNodeFactory().numberNode(3), SCHEMA, List.of()).value())
        .hasToString("3");
    assertThat(approve(new TextNode("red"), null, List.of("red", "blue")).value())
        .isEqualTo(new TextNode("red"));
    assertThat(approve(null, SCHEMA, List.of()).value()).isNull();
  }

  private static Input.Answer approve(
      @Nullable JsonNode shown, @Nullable JsonNode schema, List<String> options) {
    InputRequest request = InputRequest.ask("And this?", shown, true, schema, options);
    return new Input("r.input.1", "s", request, Instant.MAX).answered(Decision.APPROVE, null, null);
  }
}
