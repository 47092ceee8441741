package dev.agentrooms.webui.room;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.http.Loop;
import dev.agentrooms.protocol.Delta;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.Level;
import dev.agentrooms.protocol.ProgressEvent;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Text that is read while it is being written, by readers of any pace.
@Tag("unit")
@net.jqwik.api.Tag("unit")
class DraftsTest {

  private static final String[] TEXT = {
    "a", "wörd ", "🌿", "Ёлка. ", "\n", "👩‍🔬", "x".repeat(40)
  };

  private final History history = new History("k3f9", 1000);
  private final Audience audience =
      new Audience(
          history, new RoomMetrics(new SimpleMeterRegistry()), new LastUse(() -> 0), command -> {});
  private int events;

  private long publish(String runId, String step, @Nullable String part) {
    ObjectNode meta = part == null ? null : Json.object().put("part", part);
    EncodedEvent event =
        EncodedEvent.of(
            new ProgressEvent(
                "e" + events++, Instant.EPOCH, "quiz1", runId, step, null, Level.INFO, null, meta));
    audience.appending(history.last() + 1, event);
    history.append(event);
    audience.appended(() -> {});
    return history.last();
  }

  private void write(String part, long offset, String text) {
    audience.wrote(new Delta("quiz1", "r1", part, offset, text));
  }

  /// One who reads, and has seen this.
  private static final class Reader {
    final Subscriber subscriber;
    final List<String> seen = new ArrayList<>();
    int deltas;
    int wakes;

    Reader(Subscriber.Text text) {
      subscriber = new Subscriber(Loop.NONE, () -> wakes++, text);
    }

    /// @return whether there was something
    boolean read() {
      RoomEvent event = subscriber.poll();
      if (event == null) {
        return false;
      }
      JsonNode json = TestEvents.json(event);
      if (event.isDelta()) {
        deltas++;
        seen.add(
            json.path("part").asText()
                + "@"
                + json.path("offset").asLong()
                + ":"
                + json.path("text").asText());
      } else {
        seen.add(json.path("step").asText());
      }
      return true;
    }

    List<String> readAll() {
      while (read()) {
        // There may be more.
      }
      return seen;
    }
  }

  private Reader join(@Nullable Position position) {
    Reader reader = new Reader(Subscriber.Text.JOINED);
    audience.join(reader.subscriber, position);
    return reader;
  }

  @Test
  void whoCountsPiecesGetsThemAsTheyWereCutHoweverLate() {
    Reader counting = new Reader(Subscriber.Text.AS_CUT);
    publish("r1", "start_draft", null);
    write("draft", 0, "Plants ");
    write("draft", 7, "eat ");
    audience.join(counting.subscriber, null);
    // Sent twice.
    write("draft", 7, "eat ");
    write("draft", 11, "light.");
    publish("r1", "draft_done", "draft");

    assertThat(counting.readAll())
        .containsExactly("draft@0:Plants ", "draft@7:eat ", "draft@11:light.", "draft_done");
  }

  @Test
  void textIsReadAsItIsWrittenBetweenTheEventsAroundIt() {
    Reader reader = join(null);
    publish("r1", "start_draft", null);
    write("draft", 0, "Plants ");
    reader.readAll();
    write("draft", 7, "eat light.");
    reader.readAll();
    publish("r1", "draft_done", "draft");

    assertThat(reader.readAll())
        .containsExactly("start_draft", "draft@0:Plants ", "draft@7:eat light.", "draft_done");
  }

  @Test
  void oneWhoIsSlowGetsOneLongPieceBeforeTheEventThatEndsIt() {
    Reader reader = join(null);
    publish("r1", "start_draft", null);
    write("draft", 0, "Plants ");
    write("draft", 7, "eat ");
    write("draft", 11, "light.");
    publish("r1", "draft_done", null);
    publish("r1", "final_answer", null);

    assertThat(reader.readAll())
        .containsExactly("start_draft", "draft@0:Plants eat light.", "draft_done", "final_answer");
  }

  @Test
  void oneWhoComesLateGetsAllThatThereIsAndThenTheRest() {
    publish("r1", "start_draft", null);
    write("draft", 0, "Plants ");
    write("draft", 7, "eat ");
    Reader live = join(null);
    Reader resuming = join(new Position(0, null));

    assertThat(live.readAll()).containsExactly("draft@0:Plants eat ");
    assertThat(resuming.readAll()).containsExactly("start_draft", "draft@0:Plants eat ");
    write("draft", 11, "light.");
    assertThat(live.readAll()).endsWith("draft@11:light.");
  }

  @Test
  void whoComesAfterTheEndGetsTheEventsAlone() {
    publish("r1", "start_draft", null);
    write("draft", 0, "Plants");
    publish("r1", "draft_done", null);

    assertThat(join(new Position(0, null)).readAll()).containsExactly("start_draft", "draft_done");
    assertThat(join(null).readAll()).isEmpty();
  }

  @Test
  void whoDoesNotWantTextGetsNone() {
    Reader reader = new Reader(Subscriber.Text.NOT);
    audience.join(reader.subscriber, null);
    publish("r1", "start_draft", null);
    write("draft", 0, "Plants");
    publish("r1", "draft_done", null);

    assertThat(reader.readAll()).containsExactly("start_draft", "draft_done");
  }

  @Test
  void whoWaitsIsWokenByText() {
    publish("r1", "start_draft", null);
    Reader reader = join(null);
    reader.readAll();
    write("draft", 0, "Plants");

    assertThat(reader.wakes).isEqualTo(1);
  }

  @Test
  void aPieceThatComesTwiceIsShownOnceAndOneBehindAGapIsNot() {
    Reader reader = join(null);
    publish("r1", "start_draft", null);
    write("draft", 0, "🌿ab");
    write("draft", 0, "🌿ab");
    write("draft", 1, "abc");
    write("draft", 9, "later");
    write("other", 3, "later");

    assertThat(reader.readAll()).containsExactly("start_draft", "draft@0:🌿abc");
  }

  @Test
  void theLastEventOfARunEndsAllOfItsTextsAndNoOtherRuns() {
    Reader reader = join(null);
    publish("r1", "start_draft", null);
    write("draft", 0, "one");
    write("work.2", 0, "two");
    publish("r2", "cancelled", null);
    write("work.2", 3, "!");
    publish("r1", "cancelled", null);
    write("work.2", 4, "late");

    assertThat(reader.readAll())
        .containsExactly("start_draft", "cancelled", "draft@0:one", "work.2@0:two!", "cancelled");
    assertThat(join(null).readAll()).isEmpty();
  }

  @Test
  void aRoomWithoutEventsShowsNoText() {
    Reader reader = join(null);
    write("draft", 0, "Plants");

    assertThat(reader.readAll()).isEmpty();
  }

  @Test
  void textsThatNobodyEndsAreGivenUp() {
    Reader reader = join(null);
    publish("r1", "start_draft", null);
    reader.readAll();
    for (int i = 0; i < 3 * Drafts.MOST_OPEN; i++) {
      write("part" + i, 0, "x");
    }

    assertThat(reader.readAll()).hasSize(1 + Drafts.MOST_OPEN);
    assertThat(join(null).readAll()).hasSize(Drafts.MOST_OPEN);
  }

  @Test
  void aTextIsShownUpToALimit() {
    publish("r1", "start_draft", null);
    String much = "x".repeat(60_000);
    for (int i = 0; i < 30; i++) {
      write("draft", i * 60_000L, much);
    }

    String shown = join(null).readAll().getFirst();
    assertThat(shown.length()).isLessThanOrEqualTo(Draft.MAX_LENGTH + 10);
    assertThat(shown.length()).isGreaterThan(Draft.MAX_LENGTH - 60_010);
  }

  @Test
  void aThousandReadersOfAnyPaceAllReadTheSameText() {
    List<Reader> readers = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      readers.add(join(null));
    }
    publish("r1", "start_draft", null);
    Random random = new Random(17);
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < 500; i++) {
      String word = "word" + i + " ";
      write("draft", all.length(), word);
      all.append(word);
      for (int j = 0; j < 20; j++) {
        readers.get(random.nextInt(1000)).read();
      }
    }
    publish("r1", "draft_done", null);

    for (Reader reader : readers) {
      reader.readAll();
      assertThat(text(reader.seen, "draft")).isEqualTo(all.toString());
      assertThat(reader.seen).endsWith("draft_done").startsWith("start_draft");
      assertThat(reader.subscriber.isLagged()).isFalse();
    }
    assertThat(history.last()).isEqualTo(2);
  }

  /// Whatever the order in which text is written, readers come and read, and steps end.
  @Property(tries = 300)
  void howeverItIsCutAndReadTheTextIsWhole(@ForAll long seed) {
    new DraftsTest().cutAndRead(seed);
  }

  private void cutAndRead(long seed) {
    Random random = new Random(seed);
    List<Reader> readers = new ArrayList<>();
    readers.add(join(null));
    List<StringBuilder> texts = new ArrayList<>();
    for (int part = 0; part < 3; part++) {
      StringBuilder text = new StringBuilder();
      texts.add(text);
      publish("r1", "start_p" + part, null);
      int steps = random.nextInt(30);
      for (int i = 0; i < steps; i++) {
        switch (random.nextInt(4)) {
          case 0 -> readers.get(random.nextInt(readers.size())).read();
          case 1 -> readers.add(join(random.nextBoolean() ? null : new Position(0, null)));
          default -> {
            String more = TEXT[random.nextInt(TEXT.length)];
            write("p" + part, text.codePointCount(0, text.length()), more);
            text.append(more);
          }
        }
      }
      publish("r1", "p" + part + "_done", random.nextBoolean() ? "p" + part : null);
    }

    for (Reader reader : readers) {
      reader.readAll();
      for (int part = 0; part < 3; part++) {
        whole(reader.seen, "p" + part, texts.get(part).toString());
      }
    }
    // The first was there all the time.
    for (int part = 0; part < 3; part++) {
      assertThat(text(readers.getFirst().seen, "p" + part)).isEqualTo(texts.get(part).toString());
    }
    assertThat(history.last()).isEqualTo(6);
  }

  /// All of it or, for one who came after its end, nothing; in order, without a gap, and between
  /// the part's two events.
  private static void whole(List<String> seen, String part, String text) {
    long offset = 0;
    boolean isOver = false;
    for (String each : seen) {
      isOver |= each.equals(part + "_done");
      if (each.startsWith(part + "@")) {
        assertThat(isOver).as("%s", seen).isFalse();
        assertThat(each).startsWith(part + "@" + offset + ":");
        String piece = each.substring(each.indexOf(':') + 1);
        offset += piece.codePointCount(0, piece.length());
      }
      if (each.equals("start_" + part)) {
        assertThat(offset).isZero();
      }
    }
    if (offset > 0) {
      assertThat(text(seen, part)).isEqualTo(text);
    }
  }

  private static String text(List<String> seen, String part) {
    StringBuilder text = new StringBuilder();
    seen.stream()
        .filter(each -> each.startsWith(part + "@"))
        .forEach(each -> text.append(each.substring(each.indexOf(':') + 1)));
    return text.toString();
  }
}
