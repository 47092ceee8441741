package dev.agentrooms.agent.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class TraceTest {

  private static final String ID = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String HEADER = "00-" + ID + "-00f067aa0ba902b7-00";

  @Test
  void theCallersTraceGoesOnWithItsFlags() {
    Trace trace = Trace.from(HEADER);
    assertThat(trace).isEqualTo(new Trace(ID, "00"));
    assertThat(trace.newSpan()).matches("00-" + ID + "-[0-9a-f]{16}-00").isNotEqualTo(HEADER);
  }

  @ParameterizedTest
  @NullAndEmptySource
  @ValueSource(
      strings = {
        "x",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-" + ID + "-0000000000000000-01",
        "ff-" + ID + "-00f067aa0ba902b7-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-" + ID + "-00f067aa0ba902b7-01-x",
        "00-" + ID + "-00f067aa0ba902b7",
        " 00-" + ID + "-00f067aa0ba902b7-01",
      })
  void anUnreadableOneIsReplacedByANewOne(String header) {
    Trace trace = Trace.from(header);
    assertThat(trace.traceId()).matches("[0-9a-f]{32}").isNotEqualTo(ID);
    assertThat(Trace.from(trace.newSpan())).isEqualTo(trace);
  }

  @Test
  void everySpanIsNew() {
    Trace trace = Trace.from(null);
    Set<String> spans = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      spans.add(trace.newSpan());
    }
    assertThat(spans).hasSize(1000);
  }
}
