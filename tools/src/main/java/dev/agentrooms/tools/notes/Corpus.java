package dev.agentrooms.tools.notes;

import dev.agentrooms.tools.notes.Answer.Spelling;
import dev.agentrooms.tools.notes.Mention.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// What some notes say, as a quiz looks at it: their sentences, and everything in them that can be
/// an answer.
final class Corpus {

  private static final Pattern PERSON =
      Pattern.compile(
          "\\b(?:physicist|chemist|biologist|botanist|mathematician|writer|poet|king|queen|emperor|scientist|monk"
              + "|philosopher|inventor|explorer|politician|physician|doctor|engineer|artist|painter|composer"
              + "|astronomer|general|president|naturalist|priest|geologist|geneticist|microscopist|economist"
              + "|физик|химик|биолог|ботаник|математик|писатель|писательница|поэт|король|королева|император|ученый"
              + "|учёный|монах|философ|изобретатель|путешественник|врач|инженер|художник|композитор|астроном"
              + "|полководец|президент|мореплаватель|геолог|генетик|историк|лингвист|экономист)\\b",
          Pattern.UNICODE_CHARACTER_CLASS);

  private static final Pattern PERCENT = Pattern.compile("\\s?%|\\sper\\s?cent|\\sпроцент");

  private static final Pattern TERM_LIKE = Pattern.compile("[\\p{L}][\\p{L}\\p{N}'’ -]{2,40}");

  private final int thisYear;
  private final Map<String, List<Statement>> byChunk = new LinkedHashMap<>();
  private final Map<String, List<Statement>> byStem = new HashMap<>();
  private final Map<String, Answer> answers = new LinkedHashMap<>();
  private final Set<String> small = new HashSet<>();
  private final Set<String> capital = new HashSet<>();

  /// @param chunks those that matter most first
  Corpus(Collection<Chunk> chunks, int thisYear) {
    this.thisYear = thisYear;
    for (Chunk chunk : chunks) {
      byChunk.computeIfAbsent(chunk.id(), _ -> Statement.of(chunk));
    }
    for (Statement statement : statements()) {
      statement
          .stems()
          .forEach(s -> byStem.computeIfAbsent(s, _ -> new ArrayList<>()).add(statement));
      spellings(statement.text());
    }
    statements().forEach(this::collect);
  }

  private Iterable<Statement> statements() {
    return () -> byChunk.values().stream().flatMap(List::stream).iterator();
  }

  private void spellings(String sentence) {
    String[] words = sentence.split("[^\\p{L}\\p{N}'’-]+");
    for (int i = 1; i < words.length; i++) {
      if (!words[i].isEmpty()) {
        (Character.isUpperCase(words[i].charAt(0)) ? capital : small).add(words[i]);
      }
    }
  }

  private void collect(Statement statement) {
    definition(statement).ifPresent(found -> add(defined(statement, found)));
    if (Language.of(statement.text()) == Language.ENGLISH) {
      for (String bold : statement.bold()) {
        if (TERM_LIKE.matcher(bold).matches() && Definition.isTerm(bold)) {
          add(term(bold, statement));
        }
      }
    }
    mentions(statement).forEach(mention -> add(answer(mention, statement)));
  }

  private void add(Answer answer) {
    answers.putIfAbsent(answer.kind() + " " + answer.source() + " " + answer.stems(), answer);
  }

  List<Statement> of(Chunk chunk) {
    return byChunk.getOrDefault(chunk.id(), List.of());
  }

  Collection<Answer> answers() {
    return answers.values();
  }

  Optional<Definition> definition(Statement statement) {
    return Definition.of(statement.text(), statement.bold());
  }

  List<Mention> mentions(Statement statement) {
    return Mention.in(statement.text(), thisYear);
  }

  Answer defined(Statement statement, Definition definition) {
    boolean isPerson = PERSON.matcher(definition.body()).find() && isName(definition.term());
    return answer(
        isPerson ? Kind.PERSON : Kind.TERM,
        definition.term(),
        statement,
        false,
        Set.copyOf(NotesAnalyzer.stems(definition.body())));
  }

  Answer term(String term, Statement statement) {
    return answer(Kind.TERM, term, statement, false, Set.of());
  }

  Answer answer(Mention mention, Statement statement) {
    int end = mention.at() + mention.text().length();
    boolean isPercent =
        PERCENT.matcher(statement.text()).region(end, statement.text().length()).lookingAt();
    return answer(mention.kind(), mention.text(), statement, isPercent, Set.of());
  }

  private Answer answer(
      Kind kind, String text, Statement from, boolean isPercent, Set<String> about) {
    Chunk chunk = from.chunk();
    return new Answer(
        kind,
        text,
        Set.copyOf(NotesAnalyzer.stems(text)),
        chunk.source(),
        Language.of(text),
        spelling(text, from.text()),
        isPercent,
        String.valueOf(chunk.heading()),
        about);
  }

  /// Whether a statement other than `own` says of an answer most of what `stems` say.
  ///
  /// @param answer stems of the answer
  boolean says(Set<String> answer, Set<String> stems, Statement own) {
    return answer.stream()
        .map(stem -> byStem.getOrDefault(stem, List.of()))
        .min(Comparator.comparingInt(List::size))
        .orElse(List.of())
        .stream()
        .anyMatch(
            each ->
                !each.equals(own)
                    && each.stems().containsAll(answer)
                    && each.common(stems) * 2 >= stems.size());
  }

  /// Whether no statement says more of what `stems` say than this one.
  boolean isBest(Statement own, Set<String> stems) {
    long most = own.common(stems);
    return stems.stream()
        .flatMap(stem -> byStem.getOrDefault(stem, List.of()).stream())
        .noneMatch(each -> each.common(stems) > most);
  }

  /// Whether a year lies in the past.
  boolean isOver(int year) {
    return year < thisYear;
  }

  private static boolean isName(String term) {
    String[] words = term.split(" ");
    return words.length >= 2 && Character.isUpperCase(words[words.length - 1].charAt(0));
  }

  private Spelling spelling(String term, String sentence) {
    String[] words = term.split(" ");
    boolean isAtStart = sentence.startsWith(term);
    if (!isAtStart || isName(term)) {
      return Character.isUpperCase(term.charAt(0)) ? Spelling.CAPITAL : Spelling.SMALL;
    }
    String lower = words[0].substring(0, 1).toLowerCase(Locale.ROOT) + words[0].substring(1);
    if (small.contains(lower)) {
      return Spelling.SMALL;
    }
    return capital.contains(words[0]) ? Spelling.CAPITAL : Spelling.UNKNOWN;
  }
}
