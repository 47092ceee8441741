package dev.agentrooms.webui;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.net.SocketException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A reader of an event stream that stops reading for good.
@Tag("wire")
@Timeout(300)
class StalledStreamTest {

  private static final int EVENTS = 60;
  private static final String LARGE = "x".repeat(300_000);

  @Test
  void aReaderThatLagsAndDoesNotReadIsCutOff() throws Exception {
    try (var webUi =
            TestWebUi.start("webui.events.keep-alive = 300ms", "webui.room.history-size = 10");
        var stalled = new Socket();
        var quiet = webUi.events("session_id=another")) {
      assertThat(quiet.line()).isEqualTo(":");
      stalled.setReceiveBufferSize(16 * 1024);
      stalled.connect(webUi.address());
      stalled.setSoTimeout(60_000);
      stalled
          .getOutputStream()
          .write(
              // If it lags before it stalls, the stream ends as it should, and its connection too.
              ("GET /api/events?session_id=quiz1 HTTP/1.1\r\n"
                      + "Host: localhost\r\nConnection: close\r\n\r\n")
                  .getBytes(UTF_8));
      assertThat(stalled.getInputStream().read()).isEqualTo('H');
      webUi.awaitConnections(2);

      for (int i = 1; i <= EVENTS; i++) {
        webUi.publish("quiz1", "e" + i, LARGE);
      }

      // It has read nothing of it, and is gone all the same: from the room, and from the wire.
      webUi.awaitConnections(1);
      String read = "";
      try {
        read = new String(stalled.getInputStream().readAllBytes(), UTF_8);
      } catch (SocketException reset) {
        // An end as good as any other.
      }
      assertThat(read).doesNotContain("\"e" + EVENTS + "\"");
      webUi.publish("another", "e1");
      assertThat(quiet.next().name()).isEqualTo("progress");
    }
  }
}
