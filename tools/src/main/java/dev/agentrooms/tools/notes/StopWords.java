package dev.agentrooms.tools.notes;

import java.util.List;
import java.util.stream.Stream;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.ru.RussianAnalyzer;

/// Words that no search is about: the stop words of both languages, and those that make a sentence
/// a question. In small letters, with `е` for `ё`.
final class StopWords {

  private static final String ENGLISH =
      "what which who whom whose when where why how do does did done can could would should may"
          + " might must shall has have had having been being am i you he she we me my your our us"
          + " him her his its from than so very just also about please tell explain describe define"
          + " give show mean means called name please many much long often";

  private static final String RUSSIAN =
      "кто что чем чей чья чье какой какая какое какие каким какого какую каких когда где куда"
          + " откуда почему зачем как сколько ли это эта этот эти объясни объясните расскажи"
          + " расскажите опиши опишите скажи скажите назови назовите такое такая такие такой"
          + " называется называют называются значит означает является являются бывает бывают про"
          + " пожалуйста который которая которое которые";

  static final CharArraySet ALL = all();

  private StopWords() {}

  private static CharArraySet all() {
    CharArraySet all = new CharArraySet(600, false);
    Stream.of(ENGLISH, RUSSIAN).flatMap(words -> Stream.of(words.split(" "))).forEach(all::add);
    for (CharArraySet set :
        List.of(EnglishAnalyzer.ENGLISH_STOP_WORDS_SET, RussianAnalyzer.getDefaultStopSet())) {
      set.forEach(word -> all.add(new String((char[]) word).replace('ё', 'е')));
    }
    return CharArraySet.unmodifiableSet(all);
  }
}
