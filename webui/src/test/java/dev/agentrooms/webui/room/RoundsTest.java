package dev.agentrooms.webui.room;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class RoundsTest {

  private final Rounds rounds = new Rounds(4);
  private final List<Integer> answered = new ArrayList<>();

  private boolean event(int number) {
    return rounds.onEvent(() -> answered.add(number));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 15})
  void aFewAreWokenForEachEvent(int watchers) {
    for (int i = 1; i <= 20; i++) {
      assertThat(event(i)).isTrue();
      assertThat(rounds.begin(watchers)).isFalse();
    }
    assertThat(answered).hasSize(20);
  }

  @Test
  void manyAreWokenAtOnceByTheFirstEvent() {
    assertThat(event(1)).isTrue();
    assertThat(answered).containsExactly(1);
    assertThat(rounds.begin(16)).isTrue();
  }

  @Test
  void whatComesDuringARoundMakesOneMore() {
    event(1);
    rounds.begin(500);

    assertThat(event(2)).isFalse();
    assertThat(event(3)).isFalse();
    assertThat(rounds.onEnd()).isTrue();
    assertThat(rounds.begin(500)).isTrue();
    assertThat(rounds.onEnd()).isFalse();
    assertThat(event(4)).isTrue();
  }

  @Test
  void whoeverIsTooFastIsAnsweredWithTheNextRound() {
    event(1);
    rounds.begin(500);
    IntStream.rangeClosed(2, 10).forEach(this::event);

    assertThat(answered).containsExactly(1, 2, 3, 4, 5);
    rounds.onEnd();
    rounds.begin(500);
    assertThat(answered).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "10, 1", "50, 6", "200, 16", "100000, 16"})
  void howManyAreAnsweredAheadIsAsTheHistoryAllows(int history, int ahead) {
    Rounds sized = Rounds.ofHistory(history);
    sized.onEvent(() -> {});
    sized.begin(500);
    IntStream.rangeClosed(1, 100).forEach(i -> sized.onEvent(() -> answered.add(i)));

    assertThat(answered).hasSize(ahead);
  }

  @Test
  void aRoomThatClosesAnswersEverybodyOnce() {
    event(1);
    rounds.begin(500);
    IntStream.rangeClosed(2, 10).forEach(this::event);

    rounds.answerAll();
    rounds.answerAll();
    assertThat(answered).hasSize(10).doesNotHaveDuplicates();
  }

  @Test
  void whenMostHaveLeftTheRestIsWokenForEachEventAgain() {
    event(1);
    rounds.begin(500);
    event(2);
    rounds.onEnd();

    assertThat(rounds.begin(3)).isFalse();
    assertThat(event(3)).isTrue();
  }
}
