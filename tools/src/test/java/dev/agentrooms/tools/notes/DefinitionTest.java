package dev.agentrooms.tools.notes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Which sentences define a term, and which can have a gap.
@Tag("unit")
class DefinitionTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Osmosis is the movement of water through a membrane.|Osmosis|the movement of water through a membrane",
        "A cell wall is a firm layer around a plant cell.|cell wall|a firm layer around a plant cell",
        "Enzymes are proteins that speed up reactions.|Enzymes|proteins that speed up reactions",
        "DNA (deoxyribonucleic acid) is the molecule of heredity.|DNA|the molecule of heredity",
        "Lava is molten rock that has reached the surface.|Lava|molten rock that has reached the surface",
        "The Renaissance was a period of rebirth; it began in Italy.|Renaissance|a period of rebirth",
        "Осмос — это движение воды через мембрану.|Осмос|движение воды через мембрану",
        "Вече — народное собрание, которое решало дела города.|Вече|народное собрание, которое решало дела города",
      })
  void aSentenceThatSaysWhatSomethingIsDefinesIt(String sentence, String term, String body) {
    assertThat(Definition.of(sentence))
        .hasValueSatisfying(
            found -> {
              assertThat(found.term()).isEqualTo(term);
              assertThat(found.body()).isEqualTo(body);
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "It is the movement of water.",
        "This process is a chain of reactions.",
        "The result is a mixture of both.",
        "Leaves are green in summer.",
        "Winter is so cold that lakes freeze.",
        "Water is very important for plants.",
        "Osmosis is one of those processes that cost nothing.",
        "Это — самое важное свойство воды.",
        "Он — великий учёный своего времени.",
        "Москва — в России.",
        "Главное — не опоздать на поезд.",
        "Who is the author of it?",
      })
  void otherSentencesDefineNothing(String sentence) {
    assertThat(Definition.of(sentence)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "It was discovered in 1905 by a physicist in Bern.",
        "During that process oxygen is released into the air.",
        "These plants were first described in 1753 by Linnaeus.",
        "A single cell of a leaf holds about 40 of them.",
        "The tree gained 74 kg in five years of growing.",
        "Этот закон был открыт в 1869 году в Петербурге.",
        "В его таблице было 63 элемента, известных тогда.",
        "Он родился в 1834 году в городе Тобольске.",
        "Для этого потребовалось около 20 лет труда.",
      })
  void aSentenceThatLeansOnOthersGetsNoGap(String sentence) {
    assertThat(StandsAlone.test(sentence)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Clyde Tombaugh discovered Pluto in 1930 in Arizona.",
        "The human genome has about 20,000 genes that code for proteins.",
        "The eruption of Tambora in 1815 was the largest in history.",
        "Дмитрий Менделеев открыл периодический закон в 1869 году.",
      })
  void aSentenceThatStandsAloneMayGetOne(String sentence) {
    assertThat(StandsAlone.test(sentence)).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "In 1866 nobody read them.|[YEAR 1866]",
        "It will end in 2031 or later.|[]",
        "Vesuvius buried Pompeii in the year 79.|[]",
        "About 28,000 plants were counted.|[NUMBER 28,000]",
        "Its mass was 3.5 kg.|[NUMBER 3.5]",
        "Johann Galle found Neptune.|[PERSON Johann Galle]",
        "Мария Кюри открыла радий в 1898 году.|[YEAR 1898, PERSON Мария Кюри]",
        "В теле около 5 литров крови.|[NUMBER 5]",
      })
  void yearsNumbersAndPersonsAreFound(String sentence, String found) {
    List<String> mentions =
        Mention.in(sentence, 2026).stream().map(each -> each.kind() + " " + each.text()).toList();
    assertThat(mentions.toString()).isEqualTo(found);
  }
}
