package dev.agentrooms.tools.notes;

import dev.agentrooms.tools.notes.Mention.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Makes questions of sentences: of one that defines a term, "Which term …?"; of one that stands
/// alone, a gap for a term, a year, a person or a number.
final class Candidates {

  private static final String GAP = "____";
  // Fewer words say too little for only one answer to be right.
  private static final int LEAST_IN_BODY = 4;
  private static final int LEAST_AROUND_GAP = 4;

  private final Corpus corpus;

  Candidates(Corpus corpus) {
    this.corpus = corpus;
  }

  /// The best question of this sentence.
  Optional<Candidate> of(Statement statement) {
    return definition(statement).or(() -> gap(statement));
  }

  private Optional<Candidate> definition(Statement statement) {
    return corpus.definition(statement).flatMap(found -> definition(statement, found));
  }

  private Optional<Candidate> definition(Statement statement, Definition found) {
    Answer answer = corpus.defined(statement, found);
    Set<String> said = Set.copyOf(NotesAnalyzer.stems(found.body()));
    String alias = found.alias();
    boolean givesAway =
        said.stream().anyMatch(answer.stems()::contains)
            || (alias != null && NotesAnalyzer.stems(alias).stream().anyMatch(said::contains));
    return givesAway || said.size() < LEAST_IN_BODY
        ? Optional.empty()
        : Optional.of(new Candidate(answer, asked(answer, found.body()), said, statement));
  }

  private static String asked(Answer answer, String body) {
    return switch (Language.of(body)) {
      case ENGLISH ->
          switch (answer.kind()) {
            case PERSON -> "Who is described here: “" + body + "”?";
            case TERM, YEAR, NUMBER ->
                answer.isProper()
                    ? "What is described here: “" + body + "”?"
                    : "Which term fits this description: “" + body + "”?";
          };
      case RUSSIAN ->
          switch (answer.kind()) {
            case PERSON -> "О ком идёт речь: «" + body + "»?";
            case TERM, YEAR, NUMBER ->
                answer.isProper()
                    ? "О чём идёт речь: «" + body + "»?"
                    : "Какой термин подходит к описанию: «" + body + "»?";
          };
    };
  }

  private Optional<Candidate> gap(Statement statement) {
    return StandsAlone.test(statement.text())
        ? term(statement).or(() -> mention(statement))
        : Optional.empty();
  }

  private Optional<Candidate> term(Statement statement) {
    for (Answer known : terms(statement)) {
      // In this very form: a term in another case or number would need other wrong options.
      Matcher found =
          Pattern.compile(
                  "(?<![\\p{L}\\p{N}-])" + Pattern.quote(known.text()) + "(?![\\p{L}\\p{N}-])",
                  Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE)
              .matcher(statement.text());
      if (found.find()) {
        Answer answer = corpus.term(found.group(), statement);
        Optional<Candidate> made = gap(statement, answer, found.start());
        if (made.isPresent()) {
          return made;
        }
      }
    }
    return Optional.empty();
  }

  private List<Answer> terms(Statement statement) {
    List<String> bold = statement.bold();
    return corpus.answers().stream()
        .filter(each -> each.kind() == Kind.TERM)
        .filter(each -> each.source().equals(statement.chunk().source()))
        .filter(each -> statement.stems().containsAll(each.stems()))
        .sorted(
            Comparator.comparing((Answer each) -> !bold.contains(each.text()))
                .thenComparingInt(each -> -each.text().length()))
        .toList();
  }

  private Optional<Candidate> mention(Statement statement) {
    List<Mention> mentions = corpus.mentions(statement);
    List<Mention> asked = new ArrayList<>();
    for (Kind kind : List.of(Kind.PERSON, Kind.YEAR, Kind.NUMBER)) {
      List<Mention> some = mentions.stream().filter(each -> each.kind() == kind).toList();
      // Beside a second one of its kind, the gap would be half of a pair.
      if (some.size() == 1) {
        asked.add(some.getFirst());
      }
    }
    return asked.stream()
        .map(each -> gap(statement, corpus.answer(each, statement), each.at()))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Optional<Candidate> gap(Statement statement, Answer answer, int at) {
    String text = statement.text();
    String before = text.substring(0, at).replaceFirst("(^|\\s)([Aa])n? $", "$1$2(n) ");
    String with = before + GAP + text.substring(at + answer.text().length());
    Set<String> around = new HashSet<>(NotesAnalyzer.stems(with));
    boolean givesAway = around.stream().anyMatch(answer.stems()::contains);
    return givesAway || around.size() < LEAST_AROUND_GAP
        ? Optional.empty()
        : Optional.of(new Candidate(answer, asked(answer.kind(), with), around, statement));
  }

  private static String asked(Kind kind, String sentence) {
    return switch (Language.of(sentence)) {
      case ENGLISH ->
          switch (kind) {
                case TERM -> "Which term is missing: “";
                case PERSON -> "Whose name is missing: “";
                case YEAR -> "Which year is missing: “";
                case NUMBER -> "Which number is missing: “";
              }
              + sentence
              + "”";
      case RUSSIAN ->
          switch (kind) {
                case TERM -> "Какой термин пропущен: «";
                case PERSON -> "Чьё имя пропущено: «";
                case YEAR -> "Какой год пропущен: «";
                case NUMBER -> "Какое число пропущено: «";
              }
              + sentence
              + "»";
    };
  }
}
