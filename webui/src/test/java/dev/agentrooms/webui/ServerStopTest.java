package dev.agentrooms.webui;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("wire")
@Timeout(300)
class ServerStopTest {

  @Test
  void aStoppingServerClosesSocketsWith1001AndEndsStreams() throws Exception {
    try (var webUi = TestWebUi.start();
        var watching = webUi.connect();
        var idle = webUi.connect();
        var stream = webUi.events("session_id=quiz1")) {
      watching.subscribe("quiz1");
      idle.assertNothingWaits();
      assertThat(stream.line()).isEqualTo(":");
      webUi.publish("quiz1", "e1");

      var stopped = webUi.stop();

      assertThat(watching.seq()).isEqualTo(1);
      assertThat(watching.next().closing()).startsWith("1001 ");
      watching.shutdownOutput();
      watching.assertEnded();
      assertThat(idle.next().closing()).startsWith("1001 ");
      idle.shutdownOutput();
      idle.assertEnded();
      assertThat(stream.next().name()).isEqualTo("progress");
      var rest = stream.lines().readAllAsString();
      assertThat(rest).doesNotContain("event:");
      TestWebUi.await(stopped);
    }
  }
}
