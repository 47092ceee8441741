package dev.agentrooms.webui;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A room with more watchers than a round takes, and a publisher that waits for no answer.
@Tag("wire")
@Timeout(300)
class CrowdedRoomTest {

  private static final int WATCHERS = 200;
  private static final int EVENTS = 150;

  @Test
  void noAnswerIsLeftBehindAndEveryWatcherSeesAllInOrder() throws Exception {
    try (TestWebUi webUi = TestWebUi.start()) {
      String room = TestWebUi.newSession();
      List<TestSocket> watchers = new ArrayList<>();
      for (int i = 0; i < WATCHERS; i++) {
        TestSocket watcher = webUi.connect();
        watchers.add(watcher);
        watcher.subscribe(room);
      }
      try (Socket publisher = new Socket("127.0.0.1", webUi.address().getPort())) {
        publisher.setSoTimeout(60_000);
        StringBuilder all = new StringBuilder();
        for (int i = 1; i <= EVENTS; i++) {
          String event =
              "{\"event_id\":\"e%d\",\"session_id\":\"%s\",\"ts\":\"2026-11-22T10:00:00Z\",\"step\":\"s\"}"
                  .formatted(i, room);
          all.append("POST /api/agent/progress HTTP/1.1\r\nHost: localhost\r\n")
              .append("Content-Type: application/json\r\nContent-Length: ")
              .append(event.length())
              .append("\r\n\r\n")
              .append(event);
        }
        publisher.getOutputStream().write(all.toString().getBytes(UTF_8));
        var in = new DataInputStream(new BufferedInputStream(publisher.getInputStream()));
        for (int i = 1; i <= EVENTS; i++) {
          assertThat(answer(in)).contains("\"seq\":" + i + ",");
        }
      }
      for (TestSocket watcher : watchers) {
        for (int i = 1; i <= EVENTS; i++) {
          assertThat(watcher.seq()).isEqualTo(i);
        }
        watcher.assertNothingWaits();
        watcher.close();
      }
    }
  }

  private static String answer(DataInputStream in) throws Exception {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.readUnsignedByte());
    }
    String length = head.substring(head.indexOf("Content-Length: ") + 16);
    byte[] body = new byte[Integer.parseInt(length.substring(0, length.indexOf("\r")))];
    in.readFully(body);
    assertThat(head).startsWith("HTTP/1.1 200 ");
    return new String(body, ISO_8859_1);
  }
}
