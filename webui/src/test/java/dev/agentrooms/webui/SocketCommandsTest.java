package dev.agentrooms.webui;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Commands and answers on a real WebSocket.
@Tag("wire")
@Timeout(300)
@ExtendWith(SharedWebUi.class)
class SocketCommandsTest {

  private static TestWebUi webUi;

  private final String room = TestWebUi.newSession();
  private TestSocket socket;

  @BeforeAll
  static void start(TestWebUi shared) {
    webUi = shared;
  }

  @BeforeEach
  void connect() throws IOException {
    socket = webUi.connect();
  }

  @AfterEach
  void disconnect() throws IOException {
    socket.close();
  }

  private static String text(JsonNode message, String field) {
    return message.path(field).asText();
  }

  @Test
  void subscribingGivesTheEpochAndLiveEvents() throws Exception {
    webUi.publish(room, "before");

    var subscribed = socket.subscribe(room);

    assertThat(subscribed.properties())
        .extracting(e -> e.getKey())
        .containsExactlyInAnyOrder("type", "session_id", "epoch", "seq");
    assertThat(text(subscribed, "type")).isEqualTo("subscribed");
    assertThat(text(subscribed, "session_id")).isEqualTo(room);
    assertThat(text(subscribed, "epoch")).isNotEmpty();
    assertThat(subscribed.path("seq").asLong()).isEqualTo(1);
    webUi.publish(room, "now");
    var event = socket.message();
    assertThat(text(event, "type")).isEqualTo("progress");
    assertThat(event.path("seq").asLong()).isEqualTo(2);
    assertThat(text(event, "event_id")).isEqualTo("now");
    assertThat(text(event, "session_id")).isEqualTo(room);
  }

  /// The pipeline is replaced after the 101; bytes that arrive meanwhile must not be lost.
  @Test
  void commandsMayComeRightBehindTheHandshake() throws Exception {
    webUi.publish(room, "before");
    var ping = ClientFrames.text("{\"cmd\":\"ping\"}");
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var all = new ArrayList<Future<?>>();
      for (int thread = 0; thread < 8; thread++) {
        all.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < Stress.times(150); i++) {
                    try (var eager = webUi.connect()) {
                      eager.send(ping.take(i % ping.size()));
                      eager.send(ping.drop(i % ping.size()));
                      eager.say("{'cmd':'subscribe','session_id':'" + room + "','after':0}");
                      assertThat(text(eager.message(), "type")).isEqualTo("pong");
                      assertThat(text(eager.message(), "type")).isEqualTo("subscribed");
                      assertThat(text(eager.message(), "event_id")).isEqualTo("before");
                    }
                  }
                  return null;
                }));
      }
      for (var one : all) {
        one.get();
      }
    }
  }

  @Test
  void anEmptyRoomHasAnEpoch() throws Exception {
    var subscribed = socket.subscribe(room);

    assertThat(subscribed.path("seq").asLong()).isZero();
    var ack = webUi.publish(room, "first");
    assertThat(ack.epoch()).isEqualTo(text(subscribed, "epoch"));
    assertThat(socket.seq()).isEqualTo(1);
  }

  @Test
  void resumingReplaysAndGoesLive() throws Exception {
    webUi.publish(room, 1, 4);
    String epoch = webUi.publish(room, "e1").epoch();

    var subscribed = socket.resume(room, 2, epoch);
    webUi.publish(room, 5, 6);

    assertThat(subscribed.path("recovered").booleanValue()).isTrue();
    assertThat(subscribed.has("first_seq")).isFalse();
    assertThat(subscribed.path("seq").asLong()).isEqualTo(4);
    assertThat(socket.seqs(4)).containsExactly(3L, 4L, 5L, 6L);
    socket.assertNothingWaits();
  }

  @ParameterizedTest
  @CsvSource({
    // 8 events, of which 4-8 are retained
    "3, present, true",
    "8, present, true",
    "7, absent, true",
    "2, present, false",
    "2, absent, false",
    "9, present, false",
    "9223372036854775807, absent, false",
    "7, other, false",
    "0, present, false",
    "0, other, false",
  })
  void resumingIsHonest(long after, String which, boolean recovered) throws Exception {
    webUi.publish(room, 1, 8);
    String epoch = webUi.publish(room, "e8").epoch();
    String said =
        switch (which) {
          case "present" -> ",'epoch':'" + epoch + "'";
          case "other" -> ",'epoch':'other'";
          default -> "";
        };

    var subscribed =
        socket.ask("{'cmd':'subscribe','session_id':'" + room + "','after':" + after + said + "}");

    assertThat(subscribed.path("recovered").booleanValue()).isEqualTo(recovered);
    assertThat(subscribed.path("epoch").textValue()).isEqualTo(epoch);
    if (!recovered) {
      assertThat(subscribed.path("first_seq").asLong()).isEqualTo(4);
    }
    for (long seq = recovered ? after + 1 : 4; seq <= 8; seq++) {
      assertThat(socket.seq()).isEqualTo(seq);
    }
    socket.assertNothingWaits();
  }

  @Test
  void afterZeroMeansEverythingInWhateverLife() throws Exception {
    webUi.publish(room, 1, 5);

    assertThat(socket.resume(room, 0, "other").path("recovered").booleanValue()).isTrue();
    assertThat(socket.seqs(5)).containsExactly(1L, 2L, 3L, 4L, 5L);
  }

  @Test
  void resumingAnEmptyRoomThatHadMoreIsNotRecovered() throws Exception {
    var subscribed = socket.resume(room, 3, "other");

    assertThat(subscribed.path("recovered").booleanValue()).isFalse();
    assertThat(subscribed.path("first_seq").isIntegralNumber()).isTrue();
    assertThat(subscribed.path("first_seq").asLong()).isZero();
    webUi.publish(room, "first");
    assertThat(socket.seq()).isEqualTo(1);
  }

  @Test
  void aSecondCutBeforeTheFirstEventLosesNothing() throws Exception {
    var first = socket.subscribe(room);
    socket.close();
    try (var second = webUi.connect()) {
      second.resume(room, first.path("seq").asLong(), text(first, "epoch"));
    }
    webUi.publish(room, 1, 2);

    try (var third = webUi.connect()) {
      var subscribed = third.resume(room, first.path("seq").asLong(), text(first, "epoch"));
      assertThat(subscribed.path("recovered").booleanValue()).isTrue();
      assertThat(third.seqs(2)).containsExactly(1L, 2L);
    }
  }

  @Test
  void subscribingAgainMovesTheSubscription() throws Exception {
    webUi.publish(room, 1, 3);
    socket.subscribe(room);
    webUi.publish(room, "e4");
    assertThat(socket.seq()).isEqualTo(4);

    socket.resume(room, 2, webUi.publish(room, "e4").epoch());
    assertThat(socket.seqs(2)).containsExactly(3L, 4L);
    webUi.publish(room, "e5");
    assertThat(socket.seq()).isEqualTo(5);
    socket.assertNothingWaits();
    socket.subscribe(room);
    webUi.publish(room, "e6");
    assertThat(socket.seq()).isEqualTo(6);
    socket.assertNothingWaits();
  }

  @Test
  void unsubscribingEndsTheEvents() throws Exception {
    socket.subscribe(room);

    assertThat(socket.ask("{'cmd':'unsubscribe','session_id':'" + room + "'}").toString())
        .isEqualTo("{\"type\":\"unsubscribed\",\"session_id\":\"" + room + "\"}");
    webUi.publish(room, 1, 3);
    socket.assertNothingWaits();
  }

  @Test
  void leavingARoomThatOneIsNotInIsHarmless() throws Exception {
    assertThat(text(socket.ask("{'cmd':'unsubscribe','session_id':'nowhere'}"), "type"))
        .isEqualTo("unsubscribed");
    assertThat(text(socket.ask("{'cmd':'unsubscribe','session_id':'nowhere'}"), "type"))
        .isEqualTo("unsubscribed");
    socket.assertNothingWaits();
  }

  @Test
  void oneSocketSitsInManyRooms() throws Exception {
    var rooms = List.of(room + "a", room + "b", room + "c");
    for (String each : rooms) {
      socket.subscribe(each);
    }
    var got = new ArrayList<String>();
    for (int i = 1; i <= 4; i++) {
      for (String each : rooms) {
        webUi.publish(each, "e" + i);
        var event = socket.message();
        got.add(text(event, "session_id") + event.path("seq"));
      }
    }
    assertThat(got).hasSize(12).doesNotHaveDuplicates().contains(room + "a1", room + "c4");
  }

  @Test
  void the129thRoomIsRefused() throws Exception {
    for (int i = 1; i <= 128; i++) {
      assertThat(text(socket.subscribe(room + "-" + i), "type")).isEqualTo("subscribed");
    }

    var refused = socket.subscribe(room + "-129");

    assertThat(text(refused, "type")).isEqualTo("error");
    assertThat(text(refused, "code")).isEqualTo("too_many_rooms");
    assertThat(text(refused, "session_id")).isEqualTo(room + "-129");
    // One that it sits in already is no further one.
    assertThat(text(socket.subscribe(room + "-7"), "type")).isEqualTo("subscribed");
    socket.ask("{'cmd':'unsubscribe','session_id':'" + room + "-7'}");
    assertThat(text(socket.subscribe(room + "-129"), "type")).isEqualTo("subscribed");
    webUi.publish(room + "-129", "e1");
    webUi.publish(room + "-7", "e1");
    assertThat(text(socket.message(), "session_id")).isEqualTo(room + "-129");
    socket.assertNothingWaits();
  }

  @Test
  void repliesComeInTheOrderOfTheCommands() throws Exception {
    var bytes = ByteString.emptyByteString();
    var expected = new ArrayList<String>();
    for (int i = 0; i < 100; i++) {
      String name = room + "-" + i;
      for (String command :
          List.of(
              "{\"cmd\":\"subscribe\",\"session_id\":\"" + name + "\"}",
              "{\"cmd\":\"ping\"}",
              "{\"cmd\":\"unsubscribe\",\"session_id\":\"" + name + "\"}",
              "nonsense")) {
        bytes = bytes.concat(ClientFrames.text(command));
      }
      expected.addAll(List.of("subscribed", "pong", "unsubscribed", "error"));
    }

    socket.send(bytes);

    var types = new ArrayList<String>();
    for (int i = 0; i < expected.size(); i++) {
      types.add(text(socket.message(), "type"));
    }
    assertThat(types).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                                                        | malformed_json  |",
        "nonsense                                                  | malformed_json  |",
        "{                                                         | malformed_json  |",
        "{'cmd':'ping'} {'cmd':'ping'}                             | malformed_json  |",
        "{'cmd':'ping',}                                           | malformed_json  |",
        "{cmd:'ping'}                                              | malformed_json  |",
        "[]                                                        | invalid_field   |",
        "null                                                      | invalid_field   |",
        "7                                                         | invalid_field   |",
        "\"ping\"                                                  | invalid_field   |",
        "{}                                                        | unknown_command | cmd",
        "{'cmd':null}                                              | unknown_command | cmd",
        "{'cmd':''}                                                | unknown_command | cmd",
        "{'cmd':7}                                                 | unknown_command | cmd",
        "{'cmd':'PING'}                                            | unknown_command | cmd",
        "{'cmd':'publish','session_id':'a'}                        | unknown_command | cmd",
        "{'cmd':'subscribe'}                                       | invalid_field   | session_id",
        "{'cmd':'subscribe','session_id':null}                     | invalid_field   | session_id",
        "{'cmd':'subscribe','session_id':''}                       | invalid_field   | session_id",
        "{'cmd':'subscribe','session_id':7}                        | invalid_field   | session_id",
        "{'cmd':'subscribe','session_id':['a']}                    | invalid_field   | session_id",
        "{'cmd':'subscribe','session_id':'a b'}                    | invalid_field   | session_id",
        "{'cmd':'subscribe','session_id':'.a'}                     | invalid_field   | session_id",
        "{'cmd':'subscribe','session_id':'a/b'}                    | invalid_field   | session_id",
        "{'cmd':'subscribe','session_id':'ключ'}                   | invalid_field   | session_id",
        "{'cmd':'unsubscribe','session_id':'a\\ud83d'}             | invalid_field   | session_id",
        "{'cmd':'unsubscribe'}                                     | invalid_field   | session_id",
        "{'cmd':'subscribe','session_id':'a','after':-1}           | invalid_field   | after",
        "{'cmd':'subscribe','session_id':'a','after':1.5}          | invalid_field   | after",
        "{'cmd':'subscribe','session_id':'a','after':'1'}          | invalid_field   | after",
        "{'cmd':'subscribe','session_id':'a','after':true}         | invalid_field   | after",
        "{'cmd':'subscribe','session_id':'a','after':1e999}        | invalid_field   | after",
        "{'cmd':'subscribe','session_id':'a','after':1e999999999}  | invalid_field   | after",
        "{'cmd':'subscribe','session_id':'a','after':9223372036854775808} | invalid_field | after",
        "{'cmd':'subscribe','session_id':'a','after':1,'epoch':7}  | invalid_field   | epoch",
        "{'cmd':'subscribe','session_id':'a','after':1,'epoch':''} | invalid_field   | epoch",
      })
  void anythingElseIsAnErrorAndTheSocketStaysOpen(String said, String code, String field)
      throws Exception {
    var error = socket.ask(said);

    assertThat(text(error, "type")).isEqualTo("error");
    assertThat(text(error, "code")).as("%s", error).isEqualTo(code);
    assertThat(error.path("field").textValue()).isEqualTo(field);
    assertThat(text(error, "detail")).isNotEmpty();
    socket.assertNothingWaits();
  }

  @Test
  void endlessNestingIsAnError() throws Exception {
    var error = socket.ask("[".repeat(60_000));

    assertThat(text(error, "code")).isEqualTo("malformed_json");
    socket.assertNothingWaits();
  }

  @Test
  void unknownFieldsAreIgnored() throws Exception {
    assertThat(text(socket.ask("{'cmd':'ping','id':7,'x':{'y':[]}}"), "type")).isEqualTo("pong");
  }

  @Test
  void aWholeNumberMayBeWrittenWithAFraction() throws Exception {
    webUi.publish(room, 1, 3);
    var subscribed = socket.ask("{'cmd':'subscribe','session_id':'" + room + "','after':2.0}");

    assertThat(subscribed.path("recovered").booleanValue()).isTrue();
    assertThat(socket.seq()).isEqualTo(3);
  }

  @Test
  void aBinaryMessageIsAnError() throws Exception {
    socket.send(ClientFrames.frame(ClientFrames.FIN | ClientFrames.BINARY, new byte[] {1, 2}));

    assertThat(text(socket.message(), "code")).isEqualTo("binary_not_supported");
    socket.assertNothingWaits();
  }

  @Test
  void aCommandMayComeInFragmentsWithAPingBetween() throws Exception {
    socket.send(ClientFrames.frame(ClientFrames.TEXT, "{\"cmd\":".getBytes(UTF_8)));
    socket.send(ClientFrames.frame(ClientFrames.FIN | ClientFrames.PING, new byte[] {'x'}));
    var pong = socket.next();
    assertThat(pong.start()).isEqualTo(TestSocket.PONG);
    assertThat(pong.text()).isEqualTo("x");
    socket.send(ClientFrames.frame(ClientFrames.CONTINUATION, new byte[0]));
    socket.send(
        ClientFrames.frame(
            ClientFrames.FIN | ClientFrames.CONTINUATION, "\"ping\"}".getBytes(UTF_8)));

    assertThat(text(socket.message(), "type")).isEqualTo("pong");
  }
}
