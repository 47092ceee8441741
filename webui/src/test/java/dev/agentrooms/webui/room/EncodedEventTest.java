package dev.agentrooms.webui.room;

import static dev.agentrooms.webui.room.TestEvents.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.http.FrameWriter;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.Level;
import dev.agentrooms.protocol.ProgressEvent;
import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
@net.jqwik.api.Tag("unit")
class EncodedEventTest {

  private static final ProgressEvent EVENT =
      new ProgressEvent(
          "8c0e",
          Instant.parse("2026-11-22T10:00:00.123Z"),
          "quiz1",
          "r-7f",
          "start_retrieval",
          "rag_search",
          Level.INFO,
          "Ищу конспект",
          Json.object().put("top_k", 5));

  @Test
  void theRoomsTypeAndSeqStandInFrontOfTheEvent() {
    var event = EncodedEvent.of(EVENT).at(18);

    assertThat(event.json().utf8String())
        .isEqualTo(
            """
            {"type":"progress","seq":18,"event_id":"8c0e","ts":"2026-11-22T10:00:00.123Z",\
            "session_id":"quiz1","run_id":"r-7f","step":"start_retrieval","tool":"rag_search",\
            "level":"info","message":"Ищу конспект","meta":{"top_k":5}}""");
    assertThat(event.seq()).isEqualTo(18);
    assertThat(event.eventId()).isEqualTo("8c0e");
  }

  @Test
  void theSameEventCanTakeAnotherPlace() {
    var encoded = EncodedEvent.of(EVENT);

    assertThat(json(encoded.at(1)).path("seq").asLong()).isEqualTo(1);
    assertThat(json(encoded.at(2)).path("seq").asLong()).isEqualTo(2);
    assertThat(json(encoded.at(1)).path("seq").asLong()).isEqualTo(1);
  }

  @Property(tries = 200)
  void theFrameIsOneTextMessageWithTheJson(
      @ForAll @LongRange(min = 1) long seq, @ForAll @IntRange(max = 70_000) int size) {
    var event = EncodedEvent.of(TestEvents.event("quiz1", "e", "x".repeat(size))).at(seq);

    assertThat(event.frame()).isEqualTo(FrameWriter.text(event.json()));
    var json = Json.parse(event.json().utf8String().getBytes(UTF_8));
    assertThat(json.path("seq").asLong()).isEqualTo(seq);
    assertThat(json.path("message").textValue()).hasSize(size);
  }
}
