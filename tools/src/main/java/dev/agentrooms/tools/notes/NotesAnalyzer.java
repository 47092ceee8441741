package dev.agentrooms.tools.notes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.StopFilter;
import org.apache.lucene.analysis.TokenFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.en.EnglishPossessiveFilter;
import org.apache.lucene.analysis.en.PorterStemFilter;
import org.apache.lucene.analysis.standard.StandardTokenizer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.tartarus.snowball.ext.RussianStemmer;

/// Stems of a text in either language, without stop words. "What do leaves absorb?" is `leav`,
/// `absorb`.
///
/// The English stemmer leaves Cyrillic words as they are, and the Russian one Latin words, so that
/// both can work on every word.
final class NotesAnalyzer extends Analyzer {

  static final NotesAnalyzer INSTANCE = new NotesAnalyzer();

  @Override
  protected TokenStreamComponents createComponents(String field) {
    Tokenizer words = new StandardTokenizer();
    TokenStream stems = new LowerCaseFilter(new EnglishPossessiveFilter(words));
    stems = new StopFilter(new YoFilter(stems), StopWords.ALL);
    stems = new RussianStemFilter(new PorterStemFilter(stems));
    return new TokenStreamComponents(words, stems);
  }

  /// In their order, with repetitions.
  static List<String> stems(String text) {
    List<String> stems = new ArrayList<>();
    try (TokenStream stream = INSTANCE.tokenStream("", text)) {
      CharTermAttribute stem = stream.addAttribute(CharTermAttribute.class);
      stream.reset();
      while (stream.incrementToken()) {
        stems.add(stem.toString());
      }
      stream.end();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return stems;
  }

  /// Snowball's stems, unless hardly anything is left: it would make `ат` of "атом" and `ру` of
  /// "Русь", but `атом` of "атома" and `рус` of "Руси".
  private static final class RussianStemFilter extends TokenFilter {

    private static final int LEAST = 3;

    private final CharTermAttribute term = addAttribute(CharTermAttribute.class);
    private final RussianStemmer stemmer = new RussianStemmer();

    RussianStemFilter(TokenStream input) {
      super(input);
    }

    @Override
    public boolean incrementToken() throws IOException {
      if (!input.incrementToken()) {
        return false;
      }
      stemmer.setCurrent(term.toString());
      if (stemmer.stem()) {
        String stem = stemmer.getCurrent();
        String whole = term.toString();
        term.setEmpty().append(stem.length() >= LEAST ? stem : withoutSoftSign(whole));
      }
      return true;
    }
  }

  private static String withoutSoftSign(String word) {
    return word.endsWith("ь") ? word.substring(0, word.length() - 1) : word;
  }

  /// Makes `е` of `ё`.
  private static final class YoFilter extends TokenFilter {

    private final CharTermAttribute term = addAttribute(CharTermAttribute.class);

    YoFilter(TokenStream input) {
      super(input);
    }

    @Override
    public boolean incrementToken() throws IOException {
      if (!input.incrementToken()) {
        return false;
      }
      char[] letters = term.buffer();
      for (int i = 0; i < term.length(); i++) {
        if (letters[i] == 'ё') {
          letters[i] = 'е';
        }
      }
      return true;
    }
  }
}
