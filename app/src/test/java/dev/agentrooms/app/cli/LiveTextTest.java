package dev.agentrooms.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.protocol.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Text that a terminal shows while it is being written.
@Tag("unit")
class LiveTextTest {

  @Test
  void aTextIsShownOnceWhicheverPiecesComeAgainOrAreMissing() {
    StringWriter written = new StringWriter();
    LiveText live = new LiveText(new PrintWriter(written));
    live.write(delta(0, "😀 Dear"));
    live.write(delta(6, " Ann"));
    live.write(delta(99, "lost"));
    live.write(delta(6, " Ann"));
    assertThat(live.isOpen()).isTrue();
    live.close();

    assertThat(written.toString().strip()).isEqualTo("😀 Dear Ann");
    assertThat(live.has("😀 Dear Ann")).isTrue();
  }

  private static JsonNode delta(int offset, String text) {
    return Json.parse(
        "{\"run_id\":\"r1\",\"part\":\"draft\",\"offset\":%d,\"text\":\"%s\"}"
            .formatted(offset, text)
            .getBytes(StandardCharsets.UTF_8));
  }
}
