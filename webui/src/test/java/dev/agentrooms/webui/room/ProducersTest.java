package dev.agentrooms.webui.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.store.RoomProducer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class ProducersTest {

  private static Published.@Nullable OutOfTurn judge(
      @Nullable Producer before, long epoch, long seq, int part, int parts) {
    RoomProducer known = before == null ? null : Producers.with(before);
    return Producers.judge(known, new Producer("p", epoch, seq, part, parts));
  }

  private static Producer at(long epoch, long seq, int part, int parts) {
    return new Producer("p", epoch, seq, part, parts);
  }

  @Test
  void anEpochBeginsWithZero() {
    assertThat(judge(null, 3, 0, 1, 1)).isNull();
    assertThat(judge(null, 3, 1, 1, 1)).isEqualTo(new Published.Gap(0, 1));
    assertThat(judge(at(3, 4, 1, 1), 4, 1, 1, 1)).isEqualTo(new Published.NotAtZero());
    assertThat(judge(at(3, 4, 1, 1), 4, 0, 1, 1)).isNull();
    assertThat(judge(at(3, 4, 1, 1), 2, 5, 1, 1)).isEqualTo(new Published.Stale(3));
  }

  @Test
  void requestsComeOneAfterTheOther() {
    assertThat(judge(at(0, 4, 1, 1), 0, 5, 1, 1)).isNull();
    assertThat(judge(at(0, 4, 1, 1), 0, 4, 1, 1)).isEqualTo(new Published.Repeated(4));
    assertThat(judge(at(0, 4, 1, 1), 0, 0, 1, 1)).isEqualTo(new Published.Repeated(4));
    assertThat(judge(at(0, 4, 1, 1), 0, 6, 1, 1)).isEqualTo(new Published.Gap(5, 6));
  }

  @Test
  void aRequestThatWasCutIsGoneOnWithWhereItStopped() {
    Producer cut = at(0, 4, 2, 3);
    assertThat(judge(cut, 0, 4, 1, 3)).isInstanceOf(Published.Repeated.class);
    assertThat(judge(cut, 0, 4, 2, 3)).isInstanceOf(Published.Repeated.class);
    assertThat(judge(cut, 0, 4, 3, 3)).isNull();
    assertThat(judge(cut, 0, 5, 1, 1)).isEqualTo(new Published.Gap(4, 5));
    assertThat(judge(at(0, 4, 3, 3), 0, 5, 1, 1)).isNull();
  }

  @Test
  void theHighestNumbersHaveAPlace() {
    long most = (1L << 53) - 1;
    Producer last = at(most, most, Producer.MOST_PARTS, Producer.MOST_PARTS);
    assertThat(Producers.judge(Producers.with(last), last)).isEqualTo(new Published.Repeated(most));
  }
}
