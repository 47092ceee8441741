package dev.agentrooms.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// TLS at the edge.
@Tag("wire")
class TlsTest {

  private static final String HOST = "Host: localhost\r\n";

  @TempDir private static Path folder;
  private static TestCertificate pem;
  private static Stack stack;

  @BeforeAll
  static void start() {
    pem = TestCertificate.in(folder);
    stack = Stack.start("http.tls.cert", text(pem.certificate()), "http.tls.key", text(pem.key()));
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  private static String text(Path file) {
    return file.toString();
  }

  private static SSLSocket connect(String... protocols) throws IOException {
    URI uri = URI.create(stack.webUi());
    SSLSocket socket =
        (SSLSocket)
            TestCertificate.trusting()
                .getSocketFactory()
                .createSocket(uri.getHost(), uri.getPort());
    socket.setSoTimeout((int) Stack.PATIENCE.toMillis());
    if (protocols.length > 0) {
      socket.setEnabledProtocols(protocols);
    }
    return socket;
  }

  private static String ask(SSLSocket socket, String request) throws IOException {
    socket.getOutputStream().write(request.getBytes(ISO_8859_1));
    return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
  }

  @Test
  void bothVersionsOfTheDayAreSpoken() throws IOException {
    for (String version : List.of("TLSv1.2", "TLSv1.3")) {
      try (SSLSocket socket = connect(version)) {
        assertThat(ask(socket, "GET /health HTTP/1.1\r\nConnection: close\r\n" + HOST + "\r\n"))
            .startsWith("HTTP/1.1 200 ");
        assertThat(socket.getSession().getProtocol()).isEqualTo(version);
      }
    }
  }

  /// A hello of TLS 1.1 and of 1.0, as no client of today would write it.
  @Test
  void olderVersionsAreRefused() throws IOException {
    for (String version : List.of("0302", "0301", "0300")) {
      String hello =
          version + "5a".repeat(32) + "00" + "0008" + "c013c009002f0035" + "0100" + "0000";
      int size = hello.length() / 2;
      String record = "160301%04x".formatted(size + 4) + "01%06x".formatted(size) + hello;
      try (RawHttp connection = new RawHttp(stack.webUi())) {
        connection.write(HexFormat.of().parseHex(record));
        byte[] alert = connection.readBytes(7);
        assertThat(alert).as(version).hasSize(7).startsWith(0x15);
        assertThat(alert[5]).as("fatal").isEqualTo((byte) 2);
        assertThat(connection.isCut()).isTrue();
      }
    }
  }

  @Test
  void aClientWithoutTlsIsCutWithoutALogLine() throws IOException {
    try (CapturedLogs logs = new CapturedLogs()) {
      for (String said :
          List.of(
              "GET /health HTTP/1.1\r\n" + HOST + "\r\n",
              "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
              "\u0016\u0003\u0001\u0000\u0005hello",
              "\u0016\u0003\u0003\u00ff\u00ff" + "x".repeat(70_000),
              "\u0080\u002e\u0001\u0000\u0002" + "y".repeat(100),
              "\0".repeat(5000),
              "SSH-2.0-x\r\n")) {
        for (int i = 0; i < 20; i++) {
          try (RawHttp connection = new RawHttp(stack.webUi())) {
            connection.write(said);
            connection.endOfRequest();
            assertThat(connection.isCut()).as(said).isTrue();
          }
        }
      }
      URI uri = URI.create(stack.webUi());
      for (int i = 0; i < 20; i++) {
        try (Socket plain = new Socket(uri.getHost(), uri.getPort());
            SSLSocket socket =
                (SSLSocket)
                    TestCertificate.trusting()
                        .getSocketFactory()
                        .createSocket(plain, "localhost", uri.getPort(), false)) {
          socket.startHandshake();
          plain
              .getOutputStream()
              .write("\u0017\u0003\u0003\u0000\u0010no record of TLS at all".getBytes(ISO_8859_1));
          plain.setSoTimeout((int) Stack.PATIENCE.toMillis());
          plain.getInputStream().readAllBytes();
        } catch (IOException reset) {
          // That is an end as well.
        }
      }
      assertThat(logs.warnings()).isEmpty();
    }
  }

  @Test
  void eventsComeOverTls() throws Exception {
    String url = stack.webUi().replace("http:", "https:");
    try (RawHttp events = new RawHttp(url);
        RawHttp publisher = new RawHttp(url)) {
      events.write("GET /api/events?session_id=tls HTTP/1.0\r\n" + HOST + "\r\n");
      String seen = "";
      while (!seen.contains("\r\n\r\n")) {
        seen += (char) events.readBytes(1)[0];
      }
      String event =
          "{\"event_id\":\"e\",\"session_id\":\"tls\",\"ts\":\"2026-11-22T10:00:00Z\",\"step\":\"s\"}";
      publisher.write(
          "POST /api/agent/progress HTTP/1.1\r\n"
              + HOST
              + "Content-Type: application/json\r\nContent-Length: "
              + event.length()
              + "\r\n\r\n"
              + event);
      assertThat(publisher.read().status()).isEqualTo(200);
      while (!seen.contains("\"event_id\":\"e\"")) {
        byte[] more = events.readBytes(1);
        assertThat(more).as(seen).hasSize(1);
        seen += (char) more[0];
      }
    }
  }

  /// The last answer of a connection is read to its end, also by who is slow, and by who has not
  /// yet sent everything.
  @Test
  void theLastAnswerIsWhole() throws IOException {
    String url = stack.webUi().replace("http:", "https:");
    int events = 12;
    try (RawHttp publisher = new RawHttp(url)) {
      for (int i = 0; i < events; i++) {
        String event =
            "{\"event_id\":\"e%d\",\"session_id\":\"big\",\"ts\":\"2026-11-22T10:00:00Z\",\"step\":\"s\",\"meta\":{\"a\":\"%s\"}}"
                .formatted(i, "x".repeat(1_000_000));
        publisher.write(
            "POST /api/agent/progress HTTP/1.1\r\n"
                + HOST
                + "Content-Type: application/json\r\nContent-Length: "
                + event.length()
                + "\r\n\r\n"
                + event);
        assertThat(publisher.read().status()).isEqualTo(200);
      }
    }
    for (String version : List.of("TLSv1.2", "TLSv1.3")) {
      for (String last : List.of("HTTP/1.1\r\nConnection: close\r\n", "HTTP/1.0\r\n")) {
        try (SSLSocket socket = connect(version)) {
          String answer = ask(socket, "GET /api/messages?session_id=big " + last + HOST + "\r\n");
          assertThat(answer).hasSizeGreaterThan(events * 1_000_000).endsWith("]}");
        }
      }
      for (int i = 0; i < 10; i++) {
        try (SSLSocket socket = connect(version)) {
          // No request; and then a great deal more of it.
          socket.getOutputStream().write("nonsense\r\n\r\n".getBytes(ISO_8859_1));
          try {
            for (int more = 0; more < 20; more++) {
              socket.getOutputStream().write(new byte[16 * 1024]);
            }
          } catch (IOException closed) {
            // It has heard enough.
          }
          assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
              .as(version)
              .startsWith("HTTP/1.1 400 ")
              .endsWith("}");
        }
      }
    }
  }

  /// Renewed files are served to the next that connects; as long as they are broken, the old are.
  @Test
  void aRenewedCertificateIsServedWithoutARestart() throws Exception {
    Path cert = folder.resolve("served.crt");
    Path key = folder.resolve("served.key");
    TestCertificate first = TestCertificate.in(folder, "first.example");
    TestCertificate second = TestCertificate.in(folder, "second.example");
    Files.copy(first.certificate(), cert);
    Files.copy(first.key(), key);
    try (Stack renewed = Stack.start("http.tls.cert", text(cert), "http.tls.key", text(key));
        CapturedLogs logs = new CapturedLogs()) {
      assertThat(subject(renewed)).isEqualTo("CN=first.example");

      // One is there before the other.
      replace(second.certificate(), cert, 10);
      Stack.await(logs::lines, lines -> lines.toString().contains("could not be read again"));
      assertThat(subject(renewed)).isEqualTo("CN=first.example");
      replace(second.key(), key, 20);
      Stack.await(() -> subject(renewed), "CN=second.example"::equals);

      int before = logs.warnings().size();
      Files.writeString(cert, "no certificate");
      Files.setLastModifiedTime(cert, FileTime.from(Instant.now().plusSeconds(30)));
      Stack.await(logs::warnings, lines -> lines.size() > before);
      assertThat(subject(renewed)).isEqualTo("CN=second.example");
      Files.delete(cert);
      assertThat(subject(renewed)).isEqualTo("CN=second.example");
      replace(first.certificate(), cert, 40);
      replace(first.key(), key, 40);
      Stack.await(() -> subject(renewed), "CN=first.example"::equals);
    }
  }

  private static void replace(Path by, Path file, int later) throws IOException {
    Path copy = Files.copy(by, file.resolveSibling("new"), StandardCopyOption.REPLACE_EXISTING);
    Files.setLastModifiedTime(copy, FileTime.from(Instant.now().plusSeconds(later)));
    Files.move(copy, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  private static String subject(Stack of) {
    URI uri = URI.create(of.webUi());
    try (SSLSocket socket =
        (SSLSocket)
            TestCertificate.trusting()
                .getSocketFactory()
                .createSocket(uri.getHost(), uri.getPort())) {
      socket.startHandshake();
      return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
          .getSubjectX500Principal()
          .getName();
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Test
  void filesThatCannotServeStopTheStartWithALineThatNamesThem() throws IOException {
    TestCertificate other = TestCertificate.in(folder, "other.example");
    Path empty = Files.writeString(folder.resolve("empty"), "");
    Path nonsense =
        Files.writeString(folder.resolve("nonsense"), "-----BEGIN CERTIFICATE-----\nx\n-----END");
    Path locked =
        Files.writeString(
            folder.resolve("locked"),
            Files.readString(pem.key()).replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY"));
    Path none = folder.resolve("none");
    List<Map<String, String>> wrong = new ArrayList<>();
    for (Path cert : List.of(none, folder, empty, nonsense, pem.key())) {
      wrong.add(Map.of("http.tls.cert", text(cert), "http.tls.key", text(pem.key())));
    }
    for (Path key :
        List.of(none, folder, empty, nonsense, locked, pem.certificate(), other.key())) {
      wrong.add(Map.of("http.tls.cert", text(pem.certificate()), "http.tls.key", text(key)));
    }
    wrong.add(Map.of("http.tls.cert", text(pem.certificate())));
    wrong.add(Map.of("http.tls.key", text(pem.key())));
    for (Map<String, String> files : wrong) {
      Throwable failure =
          catchThrowable(() -> Stack.start(EnumSet.of(Role.WEBUI), Map.copyOf(files)).close());
      assertThat(failure).as("%s", files).isInstanceOf(dev.agentrooms.http.BadSetting.class);
      assertThat(String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT))
          .as("%s", files)
          .contains("http.tls.")
          .doesNotContain("\n", "exception");
    }
    System.out.printf("%d pairs of files that cannot serve%n", wrong.size());
  }

  @Test
  void clientsOfHttp2AreServedOverTls() throws Exception {
    try (HttpClient client =
        HttpClient.newBuilder()
            .sslContext(TestCertificate.trusting())
            .version(HttpClient.Version.HTTP_2)
            .build()) {
      String url = stack.agent().replace("http://127.0.0.1", "https://localhost");
      HttpResponse<String> health =
          client.send(
              HttpRequest.newBuilder(URI.create(url + "/health")).build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(health.version()).isEqualTo(HttpClient.Version.HTTP_2);
      assertThat(health.statusCode()).isEqualTo(200);
      HttpResponse<InputStream> run =
          client.send(
              HttpRequest.newBuilder(URI.create(url + "/api/agent/run?wait=60"))
                  .header("Content-Type", "application/json")
                  .POST(HttpRequest.BodyPublishers.ofString("{\"question\":\"What is TLS?\"}"))
                  .build(),
              HttpResponse.BodyHandlers.ofInputStream());
      assertThat(run.version()).isEqualTo(HttpClient.Version.HTTP_2);
      assertThat(run.statusCode()).isEqualTo(200);
      assertThat(new String(run.body().readAllBytes(), UTF_8)).contains("succeeded");
    }
  }
}
