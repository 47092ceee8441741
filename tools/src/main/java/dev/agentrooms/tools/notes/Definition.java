package dev.agentrooms.tools.notes;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A sentence that says what something is: "Osmosis is the movement of water through a membrane."
/// or «Осмос — это движение воды через мембрану.»
///
/// @param term verbatim, without its article: "Osmosis"
/// @param alias its other name, in brackets behind it
/// @param body what it is: "the movement of water through a membrane"
record Definition(String term, @Nullable String alias, String body) {

  private static final String WORD = "[\\p{L}][\\p{L}\\p{N}'’-]*";
  private static final String TERM = "(?<term>" + WORD + "(?: [\\p{L}\\p{N}'’-]+){0,3})";
  private static final String ALIAS =
      "(?:,? (?:or (?:an? |the )?[\\p{L} -]{2,40},|\\((?<alias>[^()]{1,60})\\)))?";

  private static final Pattern ENGLISH =
      Pattern.compile(
          "^(?:An? |The )?"
              + TERM
              + ALIAS
              + "(?<copula> (?:is|are|was|were) | refers to | means | denotes )(?<body>.+)$");

  // With a dash or a colon only where the term is set in bold.
  private static final Pattern LISTED =
      Pattern.compile("^(?:An? |The )?" + TERM + ALIAS + "(?: [—–-] |: )(?:это )?(?<body>.+)$");

  private static final Pattern RUSSIAN =
      Pattern.compile(
          "^" + TERM + "(?: \\((?<alias>[^()]{1,60})\\))?(?: [—–-] это |,? [—–] )(?<body>.+)$");

  private static final Pattern NOUN_FOLLOWS =
      Pattern.compile("^(?:an?|the|one|any|each|every) .+$");
  private static final Pattern PLURAL_NOUN_FOLLOWS =
      Pattern.compile("^(?:[\\p{L}-]+ ){1,4}(?:that|which|who|whose|in which|made of|of) .+$");
  // "molten rock that has reached the surface"
  private static final Pattern MASS_NOUN_FOLLOWS =
      Pattern.compile("^(?:[\\p{L}-]+ ){1,3}(?:that|which|who) .+$");
  private static final Pattern NO_NOUN =
      Pattern.compile(
          "^(?:not|also|so|such|true|clear|likely|certain|sure|obvious|usually|often|always|never|very|more|most|less|only|called|known|found|made|used|able"
              + "|named|located|important|necessary|possible|the same|one of|part of|an example|the first"
              + "|the second|the third|the last|a result|the result|the reason|a bit|a little|a lot)\\b.*$");
  private static final Pattern RUSSIAN_NO_NOUN =
      Pattern.compile(
          "^(?:не|в|во|на|из|по|от|к|с|со|у|о|об|за|до|для|при|уже|ещё|еще|только|лишь|тоже|также|один из|одна из"
              + "|одно из|пример|например|первый|первая|второй|вторая|значит|вот|так|тем|это|их|его|её|ее)(?![\\p{L}]).*$",
          Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);

  private static final Set<String> NO_TERM_BEGINS =
      Set.of(
          ("it this that these those they he she we you i there here what who which how why when where one"
                  + " another other each every some many most such both all its their his her our my your first"
                  + " second third today now then however but and also only if while because although after before"
                  + " in on at for with from by as to no not so yet later next finally"
                  + " он она оно они это этот эта эти такой такая такие тот та те мы вы я там здесь тогда потом"
                  + " затем но а и или также если когда где как что кто первый второй третий главное важно итог"
                  + " поэтому однако его её ее их наш ваш мой каждый каждая все всё один одна другой другая"
                  + " самый самая самое в на из по от к с у о за до для при")
              .split(" "));

  private static final Set<String> IN_NO_TERM =
      Set.of(
          ("to in on at for with from by that which who when if as than not is are was were be this these"
                  + " can may will must does do it they one most other more less"
                  + " что который которая которые когда если чем не есть был была были в на из по от к с у за до для")
              .split(" "));

  private static final Set<String> GENERIC =
      Set.of(
          ("result reason example difference process problem answer step idea goal aim point name word number part"
                  + " kind type method effect cause purpose advantage key rest rule way thing question task fact case"
                  + " side end beginning form amount rate value formula law time other others"
                  + " результат причина пример различие разница процесс проблема ответ шаг идея цель смысл название"
                  + " слово число часть вид тип метод эффект следствие назначение преимущество правило способ вещь"
                  + " вопрос задача факт случай сторона конец начало форма количество формула время вывод суть итог"
                  + " особенность условие отличие")
              .split(" "));

  private static final int MAX_BODY = 220;

  static Optional<Definition> of(String sentence) {
    return of(sentence, List.of());
  }

  /// @param bold terms that are set in bold
  static Optional<Definition> of(String sentence, List<String> bold) {
    if (sentence.length() > 400 || !sentence.endsWith(".") && bold.isEmpty()) {
      return Optional.empty();
    }
    String bare = sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
    Optional<Definition> found =
        Language.of(bare) == Language.RUSSIAN ? russian(bare) : english(bare);
    return found.or(() -> listed(bare, bold));
  }

  private static Optional<Definition> english(String bare) {
    Matcher match = ENGLISH.matcher(bare);
    if (!match.matches()) {
      return Optional.empty();
    }
    String body = match.group("body");
    String copula = match.group("copula").strip();
    boolean saysWhat =
        NOUN_FOLLOWS.matcher(body).matches()
            || (copula.startsWith("are") && PLURAL_NOUN_FOLLOWS.matcher(body).matches())
            || (copula.equals("is") && MASS_NOUN_FOLLOWS.matcher(body).matches())
            || copula.equals("refers to");
    return saysWhat && !NO_NOUN.matcher(body).matches() ? made(match, body) : Optional.empty();
  }

  private static Optional<Definition> russian(String bare) {
    Matcher match = RUSSIAN.matcher(bare);
    return match.matches() && !RUSSIAN_NO_NOUN.matcher(match.group("body")).matches()
        ? made(match, match.group("body"))
        : Optional.empty();
  }

  private static Optional<Definition> listed(String bare, List<String> bold) {
    Matcher match = LISTED.matcher(bare);
    return match.matches()
            && bold.contains(match.group("term"))
            && !RUSSIAN_NO_NOUN.matcher(match.group("body")).matches()
        ? made(match, match.group("body"))
        : Optional.empty();
  }

  private static Optional<Definition> made(Matcher match, String whole) {
    String term = match.group("term");
    int semicolon = whole.indexOf(';');
    String body = semicolon > 0 ? whole.substring(0, semicolon) : whole;
    return isTerm(term) && body.length() <= MAX_BODY && StandsAlone.isFree(body)
        ? Optional.of(new Definition(term, match.group("alias"), body))
        : Optional.empty();
  }

  /// Whether this can be the name of something.
  static boolean isTerm(String term) {
    String[] words = term.toLowerCase(Locale.ROOT).split(" ");
    if (words.length > 4
        || NO_TERM_BEGINS.contains(words[0])
        || !StandsAlone.isFree(term)
        || (term.length() < 3 && !isAcronym(term))) {
      return false;
    }
    for (String word : words) {
      if (IN_NO_TERM.contains(word)) {
        return false;
      }
    }
    return !GENERIC.contains(words[words.length - 1]) && !NotesAnalyzer.stems(term).isEmpty();
  }

  static boolean isAcronym(String word) {
    return word.length() >= 2 && word.chars().filter(Character::isUpperCase).count() >= 2;
  }
}
