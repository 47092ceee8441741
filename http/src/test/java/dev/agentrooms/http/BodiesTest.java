package dev.agentrooms.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.agentrooms.http.Bodies.Body;
import dev.agentrooms.protocol.Json;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class BodiesTest {

  private static final ActorSystem SYSTEM =
      ActorSystem.create(
          "bodies",
          ConfigFactory.parseString("pekko.actor.provider = local, pekko.stdout-loglevel = ERROR")
              .withFallback(Settings.load()));
  private static final Materializer MATERIALIZER = SystemMaterializer.get(SYSTEM).materializer();
  private static final ContentType JSON = ContentTypes.APPLICATION_JSON;

  @AfterAll
  static void stop() throws Exception {
    SYSTEM.terminate();
    SYSTEM.getWhenTerminated().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  @Test
  void aBodyOfTheLargestSizeIsRead() throws Exception {
    byte[] bytes = "x".repeat(100).getBytes(UTF_8);
    assertThat(read(HttpEntities.create(JSON, bytes), 100)).isEqualTo(bytes);
    assertThat(read(chunked(bytes, 7), 100)).isEqualTo(bytes);
  }

  @Test
  void aLargerOneIs413HoweverItComes() throws Exception {
    byte[] bytes = "x".repeat(101).getBytes(UTF_8);
    assertRefused(413, HttpEntities.create(JSON, bytes), 100);
    assertRefused(413, chunked(bytes, 7), 100);
    assertRefused(413, HttpEntities.create(JSON, 101, source(bytes, 7)), 100);
  }

  @Test
  void ofAnEndlessBodyOnlySoMuchIsTaken() throws Exception {
    AtomicLong taken = new AtomicLong();
    var endless =
        Source.repeat(ByteString.fromArray(new byte[1 << 20]))
            .map(
                bytes -> {
                  taken.addAndGet(bytes.size());
                  return bytes;
                });
    assertRefused(413, HttpEntities.createChunked(JSON, endless), 100);
    assertThat(taken.get()).isLessThan(64L << 20);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/xml",
        "application/octet-stream",
        "application/json-patch+json",
        "application/problem+json",
        "multipart/form-data; boundary=x",
      })
  void anotherContentTypeIs415(String type) throws Exception {
    assertRefused(
        415,
        HttpEntities.create(ContentTypes.parse(type), ByteString.fromString("{}").toArray()),
        100);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"application/json", "application/json; charset=utf-8", "Application/JSON"})
  void jsonIsTaken(String type) throws Exception {
    assertThat(read(HttpEntities.create(ContentTypes.parse(type), "{}".getBytes(UTF_8)), 100))
        .isEqualTo("{}".getBytes(UTF_8));
  }

  @Test
  void aBodyThatBreaksOffIs400AndOneThatIsTooLargeByThenIs413() throws Exception {
    assertRefused(400, brokenOff(1), 100);
    assertRefused(400, brokenOff(100), 100);
    assertRefused(413, brokenOff(101), 100);
    assertRefused(413, brokenOff(1 << 20), 100);
  }

  private static HttpEntity.Chunked brokenOff(int size) {
    return HttpEntities.createChunked(
        JSON,
        source("x".repeat(size).getBytes(UTF_8), 1 << 10)
            .concat(Source.single(ByteString.emptyByteString()))
            .map(
                bytes -> {
                  if (bytes.isEmpty()) {
                    throw new IOException("reset");
                  }
                  return bytes;
                }));
  }

  private static HttpEntity.Chunked chunked(byte[] bytes, int size) {
    return HttpEntities.createChunked(JSON, source(bytes, size));
  }

  private static Source<ByteString, ?> source(byte[] bytes, int size) {
    return Source.from(
        () ->
            java.util.stream.IntStream.iterate(0, at -> at < bytes.length, at -> at + size)
                .mapToObj(at -> ByteString.fromArray(bytes, at, Math.min(size, bytes.length - at)))
                .iterator());
  }

  private static byte[] read(HttpEntity.Strict entity, int max) throws Exception {
    return bytes(body(HttpRequest.POST("/x").withEntity(entity), max));
  }

  private static byte[] read(HttpEntity.Chunked entity, int max) throws Exception {
    return bytes(body(HttpRequest.POST("/x").withEntity(entity), max));
  }

  private static byte[] bytes(Body body) {
    return switch (body) {
      case Body.Bytes(byte[] bytes) -> bytes;
      case Body.Refused(var answer) -> throw new AssertionError(answer);
    };
  }

  private static void assertRefused(
      int status, org.apache.pekko.http.javadsl.model.RequestEntity entity, int max)
      throws Exception {
    HttpResponse answer = refusal(entity, max);
    assertThat(answer.status().intValue()).isEqualTo(status);
    assertThat(answer.entity().getContentType().mediaType().toString())
        .isEqualTo("application/problem+json");
    byte[] json = ((HttpEntity.Strict) answer.entity()).getData().toArray();
    assertThat(Json.parse(json).path("status").intValue()).isEqualTo(status);
  }

  private static HttpResponse refusal(
      org.apache.pekko.http.javadsl.model.RequestEntity entity, int max) throws Exception {
    Body body = body(HttpRequest.POST("/x").withEntity(entity), max);
    if (body instanceof Body.Refused(HttpResponse answer)) {
      return answer;
    }
    throw new AssertionError("was read");
  }

  private static Body body(HttpRequest request, int max) throws Exception {
    return Bodies.readJson(request, max, MATERIALIZER)
        .toCompletableFuture()
        .get(60, TimeUnit.SECONDS);
  }
}
