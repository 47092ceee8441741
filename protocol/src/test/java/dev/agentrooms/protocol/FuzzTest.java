package dev.agentrooms.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;

/// Random input is read or refused, and can be answered.
@Tag("unit")
class FuzzTest {

  private static final List<Function<Fields, ?>> READERS =
      List.of(RunRequest::from, CancelRequest::from, ProgressEvent::from);

  private static final List<byte[]> VALID =
      List.of(
          Golden.bytes("run_request"),
          Golden.bytes("cancel_request"),
          Golden.bytes("progress_event"),
          Golden.bytes("subscribe"));

  private static final List<byte[]> SEEDS =
      List.of(
              "null",
              "{}",
              "[]",
              "\"\\ud800\"",
              "\"\\udc00\"",
              "1e999999999",
              "-0.0",
              "1e-999999999",
              "9223372036854775808",
              "\"\"",
              "true",
              "[[[[[[",
              "{\"a\":",
              "\u0000",
              "𝠀",
              "\\u0000",
              ",",
              "}",
              "\"",
              "5.0",
              "99999999999999999999999999")
          .stream()
          .map(seed -> seed.getBytes(UTF_8))
          .toList();

  @Property
  void bytesAreReadOrRefused(@ForAll byte[] bytes) {
    readOrRefused(bytes);
  }

  @Property
  void brokenDocumentsAreReadOrRefused(@ForAll("broken") byte[] bytes) {
    readOrRefused(bytes);
  }

  @Property
  void documentsOfAnyShapeAreReadOrRefused(@ForAll("shapes") String json) {
    readOrRefused(json.getBytes(UTF_8));
  }

  /// A valid document after one to four changes: bytes that are replaced, cut out, doubled, or come
  /// in from elsewhere.
  @Provide
  Arbitrary<byte[]> broken() {
    Arbitrary<byte[]> change =
        Arbitraries.oneOf(
            Arbitraries.bytes().array(byte[].class).ofMaxSize(3), Arbitraries.of(SEEDS));
    Arbitrary<int[]> cut = Arbitraries.integers().between(0, 1 << 20).array(int[].class).ofSize(2);
    return Arbitraries.of(VALID)
        .flatMap(
            valid ->
                Combinators.combine(cut.list().ofMinSize(1).ofMaxSize(4), change.list().ofSize(4))
                    .as((cuts, changes) -> changed(valid, cuts, changes)));
  }

  private static byte[] changed(byte[] valid, List<int[]> cuts, List<byte[]> changes) {
    byte[] now = valid;
    for (int i = 0; i < cuts.size(); i++) {
      int from = cuts.get(i)[0] % (now.length + 1);
      int to = Math.min(now.length, from + cuts.get(i)[1] % 12);
      byte[] in = changes.get(i);
      byte[] next = new byte[from + in.length + now.length - to];
      System.arraycopy(now, 0, next, 0, from);
      System.arraycopy(in, 0, next, from, in.length);
      System.arraycopy(now, to, next, from + in.length, now.length - to);
      now = next;
    }
    return now;
  }

  /// Well-formed JSON with the right names and any values.
  @Provide
  Arbitrary<String> shapes() {
    Arbitrary<String> name =
        Arbitraries.of(
            "session_id",
            "question",
            "on_busy",
            "num_questions",
            "submission",
            "exam_id",
            "answers",
            "run_id",
            "event_id",
            "ts",
            "step",
            "tool",
            "level",
            "message",
            "meta",
            "cmd",
            "after",
            "epoch",
            "\\ud800",
            "");
    Arbitrary<String> leaf =
        Arbitraries.of(
            "null",
            "true",
            "0",
            "5.0",
            "1e999999999",
            "-1e-999999999",
            "1.5",
            "\"\"",
            "\"q\"",
            "\"\\ud800\"",
            "\"🌱\"",
            "\"subscribe\"",
            "\"ping\"",
            "\"info\"",
            "\"enqueue\"",
            "[]",
            "\"2026-11-22T10:00:00Z\"",
            "\"+999999999-12-31T23:59:59-18:00\"",
            "\"+10000-01-01T00:00:00Z\"",
            "\"-0001-01-01T00:00:00Z\"",
            Nested.ARRAYS.json(97),
            Nested.OBJECTS.json(99),
            Nested.MIXED.json(101),
            "9223372036854775808");
    return Arbitraries.lazyOf(
            () -> leaf,
            () -> leaf,
            () -> object(name, leaf),
            () -> object(name, object(name, leaf)))
        .flatMap(value -> object(name, Arbitraries.oneOf(leaf, Arbitraries.just(value))));
  }

  private static Arbitrary<String> object(Arbitrary<String> name, Arbitrary<String> value) {
    return Combinators.combine(name, value)
        .as((n, v) -> "\"" + n + "\":" + v)
        .list()
        .ofMaxSize(8)
        .map(members -> "{" + String.join(",", members) + "}");
  }

  private static void readOrRefused(byte[] bytes) {
    byte[] untouched = bytes.clone();
    List<Object> read = new ArrayList<>();
    for (Function<Fields, ?> reader : READERS) {
      attempt(() -> read.add(reader.apply(Json.parseObject(bytes))));
    }
    attempt(() -> read.add(ClientCommand.parse(bytes)));
    attempt(() -> Fingerprint.of(Json.parse(bytes)));
    for (Object value : read) {
      // What was taken can be sent on, and an event be taken again.
      byte[] written = Json.encode(value);
      assertThat(written).isNotEmpty();
      if (value instanceof ProgressEvent) {
        assertThat(Json.encode(ProgressEvent.from(Json.parseObject(written)))).isEqualTo(written);
      }
    }
    assertThat(Arrays.equals(bytes, untouched)).isTrue();
  }

  private static void attempt(Runnable reading) {
    try {
      reading.run();
    } catch (InvalidField e) {
      Problem problem = Problem.of(400, "Invalid request", e.detail()).with("field", e.field());
      assertThat(Json.encode(problem)).hasSizeLessThan(2000);
    } catch (MalformedJson e) {
      assertThat(Json.encode(Problem.of(400, "Malformed JSON", e.detail()))).hasSizeLessThan(2000);
    }
  }
}
