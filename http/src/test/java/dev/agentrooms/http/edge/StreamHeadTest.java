package dev.agentrooms.http.edge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.server.Directives;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// When the head of a streamed answer leaves. Who has the head of an event stream misses nothing
/// from then on, so it must not come before its stream listens.
@Tag("wire")
class StreamHeadTest {

  private static final String HEAD = "HTTP/1.1 200 OK\r\n";

  private final CompletableFuture<Source<ByteString, NotUsed>> body = new CompletableFuture<>();
  private Served served;

  @BeforeEach
  void start() throws Exception {
    Route routes =
        Directives.concat(
            Directives.path("events", () -> streamed(MediaTypes.TEXT_EVENT_STREAM.toContentType())),
            Directives.path("text", () -> streamed(ContentTypes.TEXT_PLAIN_UTF8)));
    served = Served.of(routes, Served.LIMITS, null);
  }

  private Route streamed(ContentType type) {
    return Directives.complete(
        HttpResponse.create()
            .withEntity(HttpEntities.createChunked(type, Source.completionStageSource(body))));
  }

  @AfterEach
  void stop() throws Exception {
    served.close();
  }

  private Socket asking(String path) throws IOException {
    Socket client = new Socket(served.address().getAddress(), served.address().getPort());
    client.setSoTimeout(60_000);
    client
        .getOutputStream()
        .write(
            ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                .getBytes(ISO_8859_1));
    return client;
  }

  @Test
  void ofAnEventStreamItLeavesWithTheFirstPart() throws IOException {
    try (Socket client = asking("/events")) {
      InputStream in = client.getInputStream();
      client.setSoTimeout(300);
      assertThatThrownBy(in::read).isInstanceOf(SocketTimeoutException.class);

      body.complete(Source.single(ByteString.fromString(":\n\n")));

      client.setSoTimeout(60_000);
      assertThat(new String(in.readAllBytes(), ISO_8859_1))
          .startsWith(HEAD)
          .endsWith("\r\n3\r\n:\n\n\r\n0\r\n\r\n");
    }
  }

  @Test
  void ofAnEmptyEventStreamItLeavesWithTheEnd() throws IOException {
    try (Socket client = asking("/events")) {
      body.complete(Source.empty());

      assertThat(new String(client.getInputStream().readAllBytes(), ISO_8859_1))
          .startsWith(HEAD)
          .endsWith("\r\n\r\n0\r\n\r\n");
    }
  }

  @Test
  void ofAnEventStreamThatFailsItLeavesAllTheSame() throws IOException {
    try (Socket client = asking("/events")) {
      body.completeExceptionally(new IllegalStateException("no room"));

      assertThat(new String(client.getInputStream().readNBytes(HEAD.length()), ISO_8859_1))
          .isEqualTo(HEAD);
    }
  }

  @Test
  void ofAnyOtherItLeavesAtOnce() throws IOException {
    try (Socket client = asking("/text")) {
      assertThat(new String(client.getInputStream().readNBytes(HEAD.length()), ISO_8859_1))
          .isEqualTo(HEAD);

      body.complete(Source.single(ByteString.fromString("late")));

      assertThat(new String(client.getInputStream().readAllBytes(), ISO_8859_1)).contains("late");
    }
  }
}
