package dev.agentrooms.tools.notes;

import java.util.regex.Pattern;

/// Whether a sentence says the same without those before it: "It happens in the leaves." does not,
/// and neither does "During that process oxygen is released."
final class StandsAlone {

  private static final int FLAGS =
      Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.UNICODE_CHARACTER_CLASS;

  private static final Pattern LEANS =
      Pattern.compile(
          "^\\W*(?:it|they|he|she|we|you|i|this|that|these|those|its|their|his|her|such|here|there|then|thus|so|but"
              + "|and|or|however|also|both|another|instead|hence|therefore|moreover|furthermore|meanwhile"
              + "|later|afterwards|finally|next|second|secondly|third|first|firstly|similarly|likewise|otherwise"
              + "|for example|for instance|as a result|because of|in addition|in turn|in other words|in contrast"
              + "|on the other hand|at the same time|one of them|some of them|most of them|each of them|the same"
              + "|the other|the others|the former|the latter|the second|the third|the process|the method"
              + "|the reaction|the result|the effect|the rest|the first|others|all of"
              + "|он|она|оно|они|его|её|ее|их|ему|ей|им|это|эта|этот|эти|там|здесь|тогда|тут|потом|затем|позже"
              + "|поэтому|однако|но|а|и|или|также|тоже|кроме|например|зато|итак|таким|так|такой|такая|такие|такое"
              + "|во-первых|во-вторых|второй|вторая|второе|третий|третья|другой|другая|другие|первый|первая|обе"
              + "|оба|благодаря|из-за|в результате|наконец|напротив|наоборот|иначе|следовательно|значит|сначала"
              + "|остальные|остальная|процесс|при)\\b",
          FLAGS);

  private static final Pattern POINTS =
      Pattern.compile(
          "\\b(?:this|these|those|such|aforementioned|above|below|latter|former|previous|following"
              + "|(?:in|of|at|on|by|for|from|with|during|after|before|to|into|about|than) that"
              + "|эт(?:от|а|и|ого|ой|ому|ими|их|им|ом|у)|то(?:го|му|м) же|так(?:ой|ая|ие|ого|ому|их|им|ими|ую|ое)"
              + "|выше|ниже|указанн\\w+|данн(?:ый|ая|ое|ые|ого|ой|ых|ом))\\b",
          FLAGS);

  // "Это" points back unless a dash before it makes it a copula.
  private static final Pattern BARE_ETO = Pattern.compile("(?<![—–-] )\\bэто\\b", FLAGS);

  // A pronoun that stands before everything it could mean, or that nothing within it explains.
  private static final Pattern PRONOUN =
      Pattern.compile(
          "^(?:\\S+ ){1,3}(?:it|they|he|she|we|you|its|their|his|her|my|our|your|his|он|она|оно|они|его|её|ее|их|ему"
              + "|ей|им|мы|вы|мой|моя|наш|наша|ваш)\\b|\\b(?:them|the same|мне|нам|вам)\\b",
          FLAGS);

  // "The tree gained 74 kg": which tree?
  private static final Pattern THE_ONE =
      Pattern.compile(
          "^The \\p{Ll}+ (?:\\p{Ll}+ed|is|are|was|were|has|had|have|can|could|will|would|may|lost|took|made|went|came"
              + "|became|began|gave|left|held|kept|ran|grew|fell|rose|stood|told|won)\\b");

  private static final Pattern REFERENCE =
      Pattern.compile(
          "https?://|\\bwww\\.|\\bsee\\b|\\bfig(?:ure)?\\.? ?\\d|\\btable \\d|\\bсм\\.|\\bрис\\.",
          FLAGS);

  private static final int MIN = 35;
  private static final int MAX = 260;

  private StandsAlone() {}

  /// Whether a gap may be made in it.
  static boolean test(String sentence) {
    return sentence.length() >= MIN
        && sentence.length() <= MAX
        && sentence.endsWith(".")
        && (Character.isUpperCase(sentence.charAt(0)) || Character.isDigit(sentence.charAt(0)))
        && !LEANS.matcher(sentence).find()
        && !PRONOUN.matcher(sentence).find()
        && !THE_ONE.matcher(sentence).find()
        && isFree(sentence);
  }

  /// Whether nothing in it points at something before.
  static boolean isFree(String text) {
    return !POINTS.matcher(text).find()
        && !BARE_ETO.matcher(text).find()
        && !REFERENCE.matcher(text).find()
        && text.chars().filter(c -> c == '(').count() == text.chars().filter(c -> c == ')').count()
        && text.chars().filter(c -> c == '"').count() % 2 == 0
        && text.chars().filter(c -> c == '«').count() == text.chars().filter(c -> c == '»').count();
  }
}
