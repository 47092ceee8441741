package dev.agentrooms.http.edge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.agentrooms.http.Express;
import dev.agentrooms.http.HttpAddress;
import dev.agentrooms.http.HttpLimits;
import dev.agentrooms.http.HttpSettings;
import dev.agentrooms.http.Meters;
import dev.agentrooms.http.Settings;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.http.javadsl.unmarshalling.Unmarshaller;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The listener, and the two ways through it, over real connections.
@Tag("wire")
@Timeout(180)
class HttpServerTest {

  private static final ActorSystem<Void> SYSTEM =
      ActorSystem.create(
          Behaviors.empty(),
          "http",
          ConfigFactory.parseString("pekko.actor.provider = local, pekko.stdout-loglevel = ERROR")
              .withFallback(Settings.load()));
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final Duration SHORT = Duration.ofSeconds(1);
  private static final int LARGE = 20 * 1024 * 1024;

  /// What was said, and by whom.
  private static final List<String> SEEN = new CopyOnWriteArrayList<>();

  private static final CompletableFuture<Consumer<Object>> LATE = new CompletableFuture<>();

  private static InetSocketAddress address;

  /// A server that waits for nobody.
  private static InetSocketAddress impatient;

  @BeforeAll
  static void start() throws Exception {
    Meters meters = Meters.start(SYSTEM);
    address = start(new HttpLimits(LONG, LONG, LONG, LONG, 20, 20, 64 << 20), meters);
    impatient = start(new HttpLimits(SHORT, SHORT, SHORT, SHORT, 20, 20, 64 << 20), meters);
  }

  private static InetSocketAddress start(HttpLimits limits, Meters meters) throws Exception {
    return HttpServer.start(
            SYSTEM,
            new HttpSettings(
                new HttpAddress("test.http", "127.0.0.1", 0), limits, null, false, false),
            meters,
            new Routes().routes(),
            new Lane())
        .toCompletableFuture()
        .get(60, TimeUnit.SECONDS);
  }

  @AfterAll
  static void stop() throws Exception {
    SYSTEM.terminate();
    SYSTEM.getWhenTerminated().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  @BeforeEach
  void forget() {
    SEEN.clear();
  }

  /// Leaves `{"no":true}`, fails with `{"fail":true}`, and is late with `{"never":true}`.
  private static final class Lane implements Express {
    @Override
    public boolean isFor(String method, String path) {
      return method.equals("POST") && path.equals("/said");
    }

    @Override
    public boolean answer(
        Function<String, @Nullable String> headers, byte[] body, Consumer<Object> answer) {
      String said = new String(body, UTF_8);
      SEEN.add("lane " + said);
      switch (said) {
        case "{\"no\":true}" -> {
          return false;
        }
        case "{\"fail\":true}" -> throw new IllegalStateException("no");
        case "{\"never\":true}" -> LATE.complete(answer);
        case "{\"big\":true}" -> answer.accept(Map.of("filler", "x".repeat(200_000)));
        default ->
            CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS)
                .execute(() -> answer.accept(Map.of("by", "lane")));
      }
      return true;
    }
  }

  private static final class Routes extends AllDirectives {
    Route routes() {
      return concat(
          path(
              "said",
              () ->
                  post(
                      () ->
                          entity(
                              Unmarshaller.entityToString(),
                              body -> {
                                SEEN.add("routes " + (body.length() > 50 ? body.length() : body));
                                return complete("{\"by\":\"routes\"}");
                              }))),
          path("large", () -> get(() -> complete("x".repeat(LARGE)))));
    }
  }

  @Test
  void plainRequestsAreAnsweredInTheLaneOneAfterTheOther() throws Exception {
    try (Client client = new Client()) {
      for (int i = 0; i < 3; i++) {
        client.send(said("{}"));
        assertThat(client.answer())
            .startsWith("HTTP/1.1 200 OK\r\n")
            .contains("\r\nContent-Type: application/json\r\n", "\r\nDate: ", "nosniff")
            .endsWith("{\"by\":\"lane\"}");
      }
    }
    assertThat(SEEN).containsExactly("lane {}", "lane {}", "lane {}");
  }

  @Test
  void aRequestMayComeInPieces() throws Exception {
    String request = said("{}");
    int body = request.indexOf("\r\n\r\n") + 4;
    try (Client client = new Client()) {
      client.send(request.substring(0, body));
      client.pause();
      client.send(request.substring(body));

      assertThat(client.answer()).endsWith("{\"by\":\"lane\"}");
    }
  }

  @Test
  void aRequestWhoseHeadComesInPiecesIsLikeAnyOther() throws Exception {
    try (Client client = new Client()) {
      client.send("POST /sa");
      client.pause();
      client.send(said("{}").substring("POST /sa".length()));

      assertThat(client.answer()).endsWith("{\"by\":\"lane\"}");
    }
  }

  @Test
  void whatTheLaneLeavesTheRoutesGet() throws Exception {
    for (String left : List.of("{\"no\":true}", "{\"fail\":true}")) {
      try (Client client = new Client()) {
        client.send(said("{}"));
        assertThat(client.answer()).endsWith("{\"by\":\"lane\"}");
        client.send(said(left));
        assertThat(client.answer()).endsWith("{\"by\":\"routes\"}");
        client.send(said("{}"));
        assertThat(client.answer()).endsWith("{\"by\":\"lane\"}");
      }
    }
  }

  @Test
  void whatTheLaneDoesNotAnswerInTimeIs503AndNobodyAnswersTwice() throws Exception {
    try (Client client = new Client()) {
      client.send(said("{\"never\":true}"));
      assertThat(client.answer()).startsWith("HTTP/1.1 503 ");

      LATE.join().accept(Map.of("by", "lane"));

      client.send(said("{}"));
      assertThat(client.answer()).endsWith("{\"by\":\"lane\"}");
    }
  }

  @Test
  void requestsThatComeTogetherAreAnsweredInTheirOrder() throws Exception {
    try (Client client = new Client()) {
      String odd = said("{\"no\":true}");
      client.send(said("{\"a\":1}") + odd + said("{\"a\":2}").repeat(50) + odd);

      assertThat(client.answer()).endsWith("{\"by\":\"lane\"}");
      assertThat(client.answer()).endsWith("{\"by\":\"routes\"}");
      for (int i = 0; i < 50; i++) {
        assertThat(client.answer()).endsWith("{\"by\":\"lane\"}");
      }
      assertThat(client.answer()).endsWith("{\"by\":\"routes\"}");
    }
  }

  @Test
  void aRequestBehindOneThatIsBeingAnsweredWaits() throws Exception {
    try (Client client = new Client()) {
      client.send(said("{\"a\":1}"));
      client.pause();
      client.send(said("{\"a\":2}"));

      assertThat(client.answer()).contains("by");
      assertThat(client.answer()).contains("by");
    }
    assertThat(SEEN).hasSize(2);
  }

  @Test
  void aBodyThatTakesItsTimeIsWaitedFor() throws Exception {
    String request = said("{\"a\":\"late\"}");
    try (Client client = new Client()) {
      client.send(request.substring(0, request.length() - 3));
      client.pause(500);
      client.send(request.substring(request.length() - 3));

      assertThat(client.answer()).endsWith("{\"by\":\"lane\"}");
    }
  }

  @Test
  void aLargeBodyIsTheRoutesEvenWhenItComesAtOnce() throws Exception {
    try (Client client = new Client()) {
      for (int size : new int[] {16 * 1024 + 1, 50_000, 64 * 1024}) {
        client.send(said("x".repeat(size)));

        assertThat(client.answer()).endsWith("{\"by\":\"routes\"}");
      }
    }
  }

  @Test
  void aBodyThatStallsIsGivenUp() throws Exception {
    for (int size : new int[] {100, 100_000}) {
      try (Client client = new Client(impatient)) {
        client.send("POST /said HTTP/1.1\r\nHost: a\r\nContent-Length: " + size + "\r\n\r\n{}");

        assertThat(client.answer()).matches("(?s)HTTP/1.1 (408|500) .*");
        assertThat(client.isCut()).isTrue();
      }
    }
  }

  @Test
  void whoStopsSendingStillGetsTheAnswer() throws Exception {
    for (String body : List.of("{}", "{\"no\":true}")) {
      try (Client client = new Client()) {
        client.send(said(body));
        client.socket.shutdownOutput();

        assertThat(client.answer()).contains("by");
        assertThat(client.in.read()).isEqualTo(-1);
      }
    }
  }

  @Test
  void whoSaysNothingIsCut() throws Exception {
    try (Client client = new Client(impatient)) {
      assertThat(client.isCut()).isTrue();
    }
  }

  @Test
  void whoAsksOnceAndNoMoreIsClosed() throws Exception {
    try (Client client = new Client(impatient)) {
      client.send(said("{}"));
      assertThat(client.answer()).endsWith("{\"by\":\"lane\"}");

      assertThat(client.isCut()).isTrue();
    }
  }

  @Test
  void whoAsksAndNeverReadsIsCut() throws Exception {
    try (Client client = new Client(impatient)) {
      int answered;
      do {
        answered = SEEN.size();
        client.send(said("{\"big\":true}"));
        for (int i = 0; i < 40 && SEEN.size() == answered; i++) {
          client.pause();
        }
      } while (SEEN.size() > answered);

      assertThat(client.isCutSoon()).isTrue();
    }
  }

  @Test
  void aLargeAnswerReachesASlowReaderWhole() throws Exception {
    try (Client client = new Client()) {
      client.socket.setReceiveBufferSize(16 * 1024);
      client.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
      client.pause();

      assertThat(client.answer()).hasSizeGreaterThan(LARGE).endsWith("xxx");
    }
  }

  @Test
  void aLargeBodyArrivesWhole() throws Exception {
    int size = 4 * 1024 * 1024;
    try (Client client = new Client()) {
      client.send(said("\"" + "y".repeat(size - 2) + "\""));

      assertThat(client.answer()).endsWith("{\"by\":\"routes\"}");
    }
    assertThat(SEEN).containsExactly("routes " + size);
  }

  /// Twenty are allowed at a time, so any that is not given back is soon missed.
  @Test
  void connectionsAreGivenBackHoweverTheyEnd() throws Exception {
    for (int i = 0; i < 60; i++) {
      try (Client client = new Client()) {
        switch (i % 6) {
          case 0 -> {}
          case 1 -> client.send("GET ");
          case 2 -> client.send("nonsense\r\n\r\n");
          case 3 -> client.send(said("{}"));
          case 4 -> client.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
          default -> {
            client.send(said("{}"));
            client.answer();
          }
        }
        if (i % 4 == 0) {
          client.socket.setSoLinger(true, 0);
        }
      }
      assertThat(isServedSoon()).isTrue();
    }
  }

  private static boolean isServedSoon() throws IOException {
    for (int i = 0; i < 100; i++) {
      try (Client client = new Client()) {
        client.send(said("{}"));
        if (client.answer().startsWith("HTTP/1.1 200")) {
          return true;
        }
        client.pause();
      }
    }
    return false;
  }

  private static String said(String json) {
    return "POST /said HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: "
        + json.length()
        + "\r\n\r\n"
        + json;
  }

  private static final class Client implements AutoCloseable {

    private final Socket socket = new Socket();
    private final DataInputStream in;

    Client() throws IOException {
      this(address);
    }

    Client(InetSocketAddress server) throws IOException {
      socket.connect(server);
      socket.setSoTimeout(60_000);
      in = new DataInputStream(socket.getInputStream());
    }

    void send(String text) throws IOException {
      socket.getOutputStream().write(text.getBytes(UTF_8));
      socket.getOutputStream().flush();
    }

    /// The other side has read what was sent, in all likelihood; if not, the test shows less.
    void pause() {
      pause(50);
    }

    void pause(int millis) {
      CompletableFuture.runAsync(
              () -> {}, CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS))
          .join();
    }

    /// One answer, head and body.
    String answer() throws IOException {
      ByteArrayOutputStream head = new ByteArrayOutputStream();
      while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
        head.write(in.readUnsignedByte());
      }
      String text = head.toString(ISO_8859_1);
      String length = text.substring(text.indexOf("Content-Length: ") + 16);
      byte[] body = new byte[Integer.parseInt(length.substring(0, length.indexOf('\r')))];
      in.readFully(body);
      return text + new String(body, UTF_8);
    }

    /// Whether writing fails before long.
    boolean isCutSoon() {
      try {
        for (int i = 0; i < 600; i++) {
          send("x");
          pause();
        }
        return false;
      } catch (IOException e) {
        return true;
      }
    }

    boolean isCut() {
      try {
        return in.read() < 0;
      } catch (IOException e) {
        return true;
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
