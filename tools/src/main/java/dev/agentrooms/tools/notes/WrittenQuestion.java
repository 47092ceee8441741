package dev.agentrooms.tools.notes;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Whether a question that a model has written stands up to the notes. It is right by what they say
/// and never by the model's word: the sentence that says most of what is asked has the right answer
/// in it, and stands in the passage; and no sentence says so of a wrong one.
final class WrittenQuestion {

  /// What is to be thought of a question.
  sealed interface Verdict {

    record Good(Candidate candidate, List<String> wrong) implements Verdict {
      public Good {
        wrong = List.copyOf(wrong);
      }
    }

    /// @param why as the model is told
    record Bad(String why) implements Verdict {}
  }

  /// What an option is by its looks.
  private enum Kind {
    YEAR,
    NUMBER,
    WORDS
  }

  private static final int MOST_OF_TEXT = 400;
  private static final int MOST_OF_OPTION = 160;
  private static final int LEAST_STEMS = 2;
  private static final Pattern YEAR = Pattern.compile("1\\d{3}|20\\d{2}");
  private static final Pattern NUMBER = Pattern.compile("\\d[\\d ,.\u00A0]*%?");
  // Nobody who takes the quiz sees the passages.
  private static final Pattern PASSAGE =
      Pattern.compile(
          "\\b(?:passages?|the text|отрыв(?:ок|ка|ке|ку)|тексте)\\b",
          Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.UNICODE_CHARACTER_CLASS);

  private final Corpus corpus;

  WrittenQuestion(Corpus corpus) {
    this.corpus = corpus;
  }

  /// @param passages as the model has their numbers, from 1
  /// @param written `{"passage","question","right","wrong"}`
  Verdict judge(List<Chunk> passages, JsonNode written) {
    int number = written.path("passage").asInt();
    if (number < 1 || number > passages.size()) {
      return new Verdict.Bad("there is no such passage");
    }
    String text = spaced(written.path("question").asText());
    String right = spaced(written.path("right").asText());
    Set<String> asked = Set.copyOf(NotesAnalyzer.stems(text));
    Set<String> answer = Set.copyOf(NotesAnalyzer.stems(right));
    if (text.length() > MOST_OF_TEXT || asked.size() < LEAST_STEMS) {
      return new Verdict.Bad("the question is too short or too long");
    }
    if (!StandsAlone.isFree(text) || PASSAGE.matcher(text).find()) {
      return new Verdict.Bad("the question needs the passage to be understood");
    }
    if (answer.isEmpty() || right.length() > MOST_OF_OPTION || isFuture(right)) {
      return new Verdict.Bad("the right option is none");
    }
    if (has(text, right) || answer.stream().anyMatch(asked::contains)) {
      return new Verdict.Bad("the question gives the right option away");
    }
    Chunk chunk = passages.get(number - 1);
    Optional<Statement> says =
        corpus.of(chunk).stream()
            .filter(each -> has(each.text(), right))
            .max(Comparator.comparingLong(each -> each.common(asked)))
            .filter(each -> each.common(asked) * 3 >= asked.size() * 2L)
            .filter(each -> corpus.isBest(each, asked));
    return says.isEmpty()
        ? new Verdict.Bad("its passage does not say so in one sentence with these words")
        : wrong(new Candidate(corpus.term(right, says.get()), text, asked, says.get()), written);
  }

  private Verdict wrong(Candidate candidate, JsonNode written) {
    List<String> wrong = new ArrayList<>();
    List<Set<String>> all = new ArrayList<>(List.of(candidate.answer().stems()));
    for (JsonNode each : written.path("wrong")) {
      String option = spaced(each.asText());
      Set<String> stems = Set.copyOf(NotesAnalyzer.stems(option));
      if (wrong.size() == Distractors.NEEDED) {
        break;
      }
      if (stems.isEmpty()
          || option.length() > MOST_OF_OPTION
          || all.stream().anyMatch(other -> isSame(other, stems))) {
        return new Verdict.Bad("its options are not four different ones");
      }
      if (!isLike(option, candidate.answer().text())) {
        return new Verdict.Bad("its options are not of one kind");
      }
      if (has(candidate.text(), option) || isRight(stems, candidate)) {
        return new Verdict.Bad("more than one option is right, or stands in the question");
      }
      wrong.add(option);
      all.add(stems);
    }
    return wrong.size() < Distractors.NEEDED
        ? new Verdict.Bad("it has fewer than three wrong options")
        : new Verdict.Good(candidate, wrong);
  }

  private boolean isRight(Set<String> option, Candidate candidate) {
    return candidate.from().stems().containsAll(option)
        || corpus.says(option, candidate.stems(), candidate.from());
  }

  private boolean isLike(String option, String right) {
    Kind kind = kind(right);
    return kind(option) == kind
        && !isFuture(option)
        && (kind != Kind.WORDS || Language.of(option) == Language.of(right));
  }

  private static Kind kind(String option) {
    return YEAR.matcher(option).matches()
        ? Kind.YEAR
        : NUMBER.matcher(option).matches() ? Kind.NUMBER : Kind.WORDS;
  }

  private boolean isFuture(String option) {
    return kind(option) == Kind.YEAR && !corpus.isOver(Integer.parseInt(option));
  }

  private static boolean isSame(Set<String> one, Set<String> other) {
    return one.containsAll(other) || other.containsAll(one);
  }

  private static boolean has(String text, String part) {
    return spaced(text).toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT));
  }

  private static String spaced(String text) {
    return Spaces.collapsed(text);
  }
}
