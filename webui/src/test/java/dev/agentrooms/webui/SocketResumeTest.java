package dev.agentrooms.webui;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.protocol.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Resuming over connections that break off at random, while events are published.
@Tag("race")
@Timeout(300)
class SocketResumeTest {

  private static final int HISTORY_SIZE = 40;

  private static TestWebUi webUi;

  @BeforeAll
  static void start() {
    webUi =
        TestWebUi.start(
            "webui.room.history-size = " + HISTORY_SIZE,
            "webui.socket.handshakes-per-second = 100000",
            "webui.socket.handshake-burst = 100000");
  }

  @AfterAll
  static void stop() {
    webUi.close();
  }

  /// One client of one room, through all its connections.
  private static final class Client implements Callable<Map<Long, String>> {

    private final String room;
    private final long last;
    private final Random random;
    private final Map<Long, String> seen = new HashMap<>();
    private String epoch = "";
    private volatile long after;
    private int recovered;
    private int missed;
    private int lagged;

    Client(String room, long last, long seed) {
      this.room = room;
      this.last = last;
      this.random = new Random(seed);
    }

    /// Reads until it has the last event; what it was shown, by `seq`.
    @Override
    public Map<Long, String> call() throws IOException {
      while (after < last) {
        try (TestSocket socket = webUi.connect()) {
          connected(socket, random.nextInt(60));
          if (random.nextBoolean()) {
            socket.abort();
          }
        }
      }
      return seen;
    }

    private void connected(TestSocket socket, int patience) throws IOException {
      JsonNode subscribed = socket.resume(room, after, epoch.isEmpty() ? "none" : epoch);
      assertThat(subscribed.path("type").textValue()).as("%s", subscribed).isEqualTo("subscribed");
      String life = subscribed.path("epoch").textValue();
      if (subscribed.path("recovered").booleanValue()) {
        assertThat(epoch.isEmpty() || epoch.equals(life) || after == 0).isTrue();
        recovered++;
      } else {
        long first = subscribed.path("first_seq").longValue();
        assertThat(first).as("not recovered, and there was a reason").isGreaterThan(after + 1);
        missed += (int) (first - after - 1);
        after = first - 1;
      }
      epoch = life;
      for (int i = 0; i < patience && after < last; i++) {
        var frame = socket.next();
        if (frame.start() == TestSocket.CLOSE) {
          assertThat(frame.closing()).isEqualTo("4008 lagged");
          lagged++;
          return;
        }
        JsonNode event = Json.parse(frame.payload());
        long seq = event.path("seq").longValue();
        assertThat(seq).as("the next, once").isEqualTo(after + 1);
        after = seq;
        assertThat(seen.put(after, event.path("event_id").textValue())).isNull();
      }
    }
  }

  @Test
  void nothingIsMissedSilentlyOverConnectionsThatBreakOff() throws Exception {
    int rooms = Stress.times(8);
    int clientsPerRoom = 4;
    int events = 600;
    int missed = 0;
    int recovered = 0;
    int lagged = 0;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < rooms; i++) {
        String room = TestWebUi.newSession();
        var ids = new ConcurrentHashMap<Long, String>();
        var clients = new ArrayList<Client>();
        var reading = new ArrayList<Future<Map<Long, String>>>();
        for (int c = 0; c < clientsPerRoom; c++) {
          clients.add(new Client(room, events, 31L * i + c));
          reading.add(threads.submit(clients.getLast()));
        }
        var random = new Random(i);
        for (int e = 1; e <= events; e++) {
          var ack = webUi.publish(room, "e" + e);
          assertThat(ack.seq()).isEqualTo(e);
          ids.put(ack.seq(), "e" + e);
          if (random.nextInt(20) == 0) {
            // As slowly as the slowest of them can follow.
            long slowest = e - HISTORY_SIZE * random.nextLong(3);
            TestWebUi.awaitTrue(
                () ->
                    clients.stream().allMatch(client -> client.after >= slowest)
                        || reading.stream().anyMatch(Future::isDone));
          }
        }
        for (int c = 0; c < clientsPerRoom; c++) {
          Map<Long, String> seen = reading.get(c).get();
          assertThat(ids).containsAllEntriesOf(seen);
          assertThat(seen).hasSize(events - clients.get(c).missed);
          missed += clients.get(c).missed;
          recovered += clients.get(c).recovered;
          lagged += clients.get(c).lagged;
        }
      }
    }
    System.out.printf(
        "%d rooms, %d resumed in full, %d events missed and said so, %d lagged%n",
        rooms, recovered, missed, lagged);
    assertThat(recovered).isGreaterThan(rooms * clientsPerRoom);
  }
}
