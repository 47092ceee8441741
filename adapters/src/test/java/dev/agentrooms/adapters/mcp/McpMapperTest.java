package dev.agentrooms.adapters.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.agentrooms.adapters.Golden;
import dev.agentrooms.adapters.Happening.Told;
import dev.agentrooms.adapters.Scenes;
import dev.agentrooms.protocol.Json;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("unit")
class McpMapperTest {

  @ParameterizedTest
  @EnumSource
  void aRunIsSaidAsKept(Scenes scene) throws IOException {
    List<ObjectNode> said =
        scene.happenings().stream()
            .flatMap(each -> McpMapper.progress(TextNode.valueOf("t1"), each).stream())
            .toList();
    Golden.check("mcp", scene, said);
    assertThat(said)
        .hasSize((int) scene.happenings().stream().filter(Told.class::isInstance).count());
  }

  @Test
  void withoutATokenThereIsNoProgress() {
    assertThat(Scenes.SUCCESS.happenings())
        .allSatisfy(each -> assertThat(McpMapper.progress(null, each)).isEmpty());
  }

  @ParameterizedTest
  @CsvSource({
    "succeeded,The answer.,false",
    "failed,It broke.,true",
    "cancelled,The run was cancelled.,false",
    "waiting,A person is asked: Send this?,false",
    "running,The run is running.,false",
    "queued,The run is queued.,false"
  })
  void aResultSaysWhatARunHasComeTo(String status, String says, boolean isError) {
    ObjectNode run = Json.object().put("session_id", "s1").put("run_id", "r1");
    run.put("status", status).put("error", "It broke.");
    run.putObject("waiting_for").put("prompt", "Send this?");
    JsonNode result = McpMapper.result(run, status.equals("succeeded") ? "The answer." : null);
    assertThat(result.path("content").get(0).path("text").asText()).startsWith(says);
    assertThat(result.path("isError").asBoolean()).isEqualTo(isError);
    assertThat(result.path("structuredContent").path("status").asText()).isEqualTo(status);
  }
}
