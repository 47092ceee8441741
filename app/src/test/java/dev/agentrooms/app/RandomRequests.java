package dev.agentrooms.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Random;

/// Requests for the JSON endpoints, from good ones by way of broken ones to noise.
final class RandomRequests {

  private static final List<String> TARGETS =
      List.of(
          "POST /api/agent/run",
          "POST /api/agent/cancel",
          "POST /api/agent/progress",
          "GET /api/agent/sessions?limit=1&after=1~a",
          "GET /api/agent/sessions/fuzz",
          "GET /api/agent/sessions/fuzz/runs/r-1",
          "DELETE /api/agent/sessions/fuzz",
          "GET /api/messages?session_id=fuzz&after=1&limit=2",
          "GET /health",
          "GET /",
          "GET /ws");
  private static final List<String> NAMES =
      List.of(
          "session_id",
          "question",
          "on_busy",
          "num_questions",
          "submission",
          "exam_id",
          "answers",
          "run_id",
          "event_id",
          "step",
          "ts",
          "level",
          "meta",
          "\\ud800",
          "");
  private static final List<String> VALUES =
      List.of(
          "\"fuzz\"",
          "\"enqueue\"",
          "\"interrupt\"",
          "\"2026-11-22T10:00:00Z\"",
          "\"\"",
          "\"\\udc00\"",
          "\"\u00e9\ud83d\ude00\"",
          "null",
          "true",
          "0",
          "-0.0",
          "5",
          "1e309",
          "1e-99999",
          "123456789012345678901234567890",
          "[]",
          "{}");
  private static final List<String> HEADERS =
      List.of(
          "Content-Type: application/json",
          "Content-Type: text/plain",
          "Host: elsewhere",
          "Idempotency-Key: k",
          "Idempotency-Key: ",
          "X-Internal-Token: t",
          "Authorization: Bearer a.b.c",
          "traceparent: 00-0-0-0",
          "Transfer-Encoding: chunked",
          "Content-Length: 3",
          "Connection: Upgrade",
          "Upgrade: websocket",
          "Sec-WebSocket-Version: 13",
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
          "Origin: null",
          "Expect: 100-continue",
          "Accept: image/png",
          "Last-Event-ID: a:b:c");

  private RandomRequests() {}

  static byte[] next(Random random) {
    if (random.nextInt(20) == 0) {
      byte[] noise = new byte[random.nextInt(5000)];
      random.nextBytes(noise);
      return noise;
    }
    byte[] body = mutated(random, value(random, 0).getBytes(UTF_8), 3);
    StringBuilder head = new StringBuilder(one(random, TARGETS)).append(" HTTP/1.1\r\n");
    head.append("Host: localhost\r\nConnection: close\r\n");
    if (random.nextInt(5) > 0) {
      head.append("Content-Type: application/json\r\n");
    }
    if (random.nextInt(10) > 0) {
      head.append("Content-Length: ").append(body.length).append("\r\n");
    }
    for (int i = random.nextInt(4) - 1; i > 0; i--) {
      head.append(one(random, HEADERS)).append("\r\n");
    }
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.writeBytes(mutated(random, head.append("\r\n").toString().getBytes(ISO_8859_1), 8));
    request.writeBytes(body);
    return request.toByteArray();
  }

  private static String value(Random random, int depth) {
    if (depth > 0 && (depth > 3 || random.nextInt(3) > 0)) {
      return one(random, VALUES);
    }
    StringBuilder object = new StringBuilder("{");
    for (int i = random.nextInt(7); i >= 0; i--) {
      object
          .append('"')
          .append(one(random, NAMES))
          .append("\":")
          .append(value(random, depth + 1))
          .append(i == 0 ? "" : ",");
    }
    return object.append('}').toString();
  }

  /// Once in `odds` with some bytes changed, taken out or put in.
  private static byte[] mutated(Random random, byte[] bytes, int odds) {
    if (random.nextInt(odds) > 0 || bytes.length == 0) {
      return bytes;
    }
    ByteArrayOutputStream changed = new ByteArrayOutputStream();
    int often = 1 + bytes.length / (1 + random.nextInt(8));
    for (byte b : bytes) {
      switch (random.nextInt(often)) {
        case 0 -> changed.write(random.nextInt(256));
        case 1 -> {}
        case 2 -> {
          changed.write(b);
          changed.write(random.nextInt(128));
        }
        default -> changed.write(b);
      }
    }
    return changed.toByteArray();
  }

  private static <T> T one(Random random, List<T> all) {
    return all.get(random.nextInt(all.size()));
  }
}
