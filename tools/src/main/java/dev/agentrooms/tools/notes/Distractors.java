package dev.agentrooms.tools.notes;

import dev.agentrooms.tools.notes.Answer.Spelling;
import dev.agentrooms.tools.notes.Mention.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/// Chooses the wrong options of a question among the other answers in the notes: of the same kind
/// and script, from the same file where it has enough, and none that is right as well.
final class Distractors {

  static final int NEEDED = 3;

  // Nobody takes 300000 for the number of planets.
  private static final double MOST_TIMES = 12;

  // Of "about 37" 40 is no wrong number.
  private static final double LEAST_TIMES = 1.3;
  private static final Pattern ROUGHLY =
      Pattern.compile(
          "(?iu)(?<!\\p{L})(?:about|around|some|almost|nearly|roughly|approximately"
              + "|около|примерно|почти|приблизительно) ____");

  private final Corpus corpus;
  private final RandomGenerator random;

  Distractors(Corpus corpus, RandomGenerator random) {
    this.corpus = corpus;
    this.random = random;
  }

  /// Three texts, or fewer when the notes have no more.
  List<String> of(Candidate candidate) {
    List<Answer> own = new ArrayList<>();
    List<Answer> others = new ArrayList<>();
    String source = candidate.from().chunk().source();
    for (Answer each : corpus.answers()) {
      if (isLike(each, candidate) && isWrong(each, candidate)) {
        (each.source().equals(source) ? own : others).add(each);
      }
    }
    List<Answer> all = new ArrayList<>(sorted(own, candidate));
    all.addAll(sorted(others, candidate));
    List<Answer> chosen = new ArrayList<>();
    for (Answer each : all) {
      if (chosen.size() < NEEDED && chosen.stream().noneMatch(other -> isSame(other, each))) {
        chosen.add(each);
      }
    }
    return chosen.stream().map(each -> each.inFormOf(candidate.answer().text())).toList();
  }

  // Those that are most like it, by number and case, by what they are, and by where they stand.
  private List<Answer> sorted(List<Answer> answers, Candidate candidate) {
    Answer right = candidate.answer();
    List<Answer> sorted = new ArrayList<>(answers);
    Collections.shuffle(sorted, random);
    sorted.sort(
        switch (right.kind()) {
          case TERM, PERSON ->
              Comparator.comparing((Answer each) -> each.isPlural() != right.isPlural())
                  .thenComparingInt(each -> unlike(each.spelling(), right.spelling()))
                  .thenComparingLong(each -> -common(each.about(), candidate.stems()))
                  .thenComparing(each -> !each.heading().equals(right.heading()));
          case YEAR, NUMBER ->
              Comparator.comparingDouble(
                  (Answer each) -> Math.abs(Math.log(each.number() / right.number())));
        });
    return sorted;
  }

  // A name beside names, a common noun beside common nouns.
  private static int unlike(Spelling one, Spelling other) {
    return one == other ? 0 : one == Spelling.UNKNOWN || other == Spelling.UNKNOWN ? 1 : 2;
  }

  private static long common(Set<String> one, Set<String> other) {
    return one.stream().filter(other::contains).count();
  }

  private static boolean isLike(Answer each, Candidate candidate) {
    Answer right = candidate.answer();
    boolean isOfWords = right.kind() == Kind.TERM || right.kind() == Kind.PERSON;
    if (each.kind() != right.kind() || (isOfWords && each.language() != right.language())) {
      return false;
    }
    return switch (right.kind()) {
      case TERM, YEAR -> true;
      case PERSON -> sounds(each).equals(sounds(right));
      case NUMBER -> isNear(each, right, ROUGHLY.matcher(candidate.text()).find());
    };
  }

  // The verb beside a Russian name tells whether it is a man's or a woman's.
  private static String sounds(Answer person) {
    String first = person.text().split(" ")[0].toLowerCase(Locale.ROOT);
    return person.language() == Language.RUSSIAN && first.matches(".*[ая]") ? "а" : "";
  }

  private static boolean isNear(Answer each, Answer right, boolean isRough) {
    double a = each.number();
    double b = right.number();
    return a > 0
        && b > 0
        && a != b
        && Math.max(a, b) / Math.min(a, b) <= MOST_TIMES
        && (!isRough || Math.max(a, b) / Math.min(a, b) >= LEAST_TIMES)
        && each.isPercent() == right.isPercent()
        && each.isWhole() == right.isWhole();
  }

  private boolean isWrong(Answer each, Candidate candidate) {
    return !each.text().equalsIgnoreCase(candidate.answer().text())
        && !each.stems().isEmpty()
        && each.stems().stream().noneMatch(candidate.answer().stems()::contains)
        && !candidate.from().stems().containsAll(each.stems())
        && !contains(candidate.text(), each.text())
        && !corpus.says(each.stems(), candidate.stems(), candidate.from());
  }

  private static boolean contains(String text, String word) {
    return text.toLowerCase(Locale.ROOT).contains(word.toLowerCase(Locale.ROOT));
  }

  private static boolean isSame(Answer one, Answer other) {
    return one.kind() == Kind.NUMBER
        ? one.number() == other.number()
        : one.stems().containsAll(other.stems()) || other.stems().containsAll(one.stems());
  }
}
