package dev.agentrooms.tools.notes;

import dev.agentrooms.tools.notes.Mention.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
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

  private static final Pattern TERM_LIKE = Pattern.compile("[\\p{L}][\\p{L}\\p{N}'’ -]{2,40}");

  private final int thisYear;
  private final List<Statement> statements = new ArrayList<>();
  private final Map<String, List<Statement>> byStem = new HashMap<>();
  private final Map<String, Answer> answers = new LinkedHashMap<>();
  private final Set<String> small = new HashSet<>();
  private final Set<String> capital = new HashSet<>();

  /// @param chunks those that matter most first
  Corpus(Collection<Chunk> chunks, int thisYear) {
    this.thisYear = thisYear;
    for (Chunk chunk : chunks) {
      statements.addAll(Statement.of(chunk));
    }
    for (Statement statement : statements) {
      statement.stems().forEach(s -> byStem.computeIfAbsent(s, _ -> new ArrayList<>()).add(statement));
      spellings(statement.text());
    }
    statements.forEach(this::collect);
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
    answers.putIfAbsent(
        answer.kind() + " " + answer.source() + " " + answer.stems(), answer);
  }

  List<Statement> of(Chunk chunk) {
    return statements.stream().filter(each -> each.chunk().equals(chunk)).toList();
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
    return PERSON.matcher(definition.body()).find() && isName(definition.term())
        ? Answer.of(Kind.PERSON, definition.term(), statement.chunk().source(), true, false)
        : term(definition.term(), statement);
  }

  Answer term(String term, Statement statement) {
    return Answer.of(Kind.TERM, term, statement.chunk().source(), isProper(term), false);
  }

  Answer answer(Mention mention, Statement statement) {
    String text = statement.text();
    int end = mention.at() + mention.text().length();
    boolean isPercent = text.startsWith("%", end) || text.startsWith(" %", end) || text.startsWith(" per", end);
    return Answer.of(
        mention.kind(),
        mention.text(),
        statement.chunk().source(),
        mention.kind() == Kind.PERSON,
        isPercent);
  }

  /// Whether a statement other than `own` says of `answer` most of what `stems` say.
  boolean says(Answer answer, Set<String> stems, Statement own) {
    String rarest = answer.stems().stream().findFirst().orElse("");
    for (Statement each : byStem.getOrDefault(rarest, List.of())) {
      if (each != own && each.stems().containsAll(answer.stems())) {
        long common = stems.stream().filter(each.stems()::contains).count();
        if (common * 2 >= stems.size()) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isName(String term) {
    String[] words = term.split(" ");
    return words.length >= 2 && Character.isUpperCase(words[words.length - 1].charAt(0));
  }

  // A name is written with a capital within sentences too.
  private boolean isProper(String term) {
    for (String word : term.split(" ")) {
      if (Definition.isAcronym(word)) {
        continue;
      }
      boolean isCapital = Character.isUpperCase(word.charAt(0));
      String lower = word.substring(0, 1).toLowerCase(java.util.Locale.ROOT) + word.substring(1);
      String upper = word.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + word.substring(1);
      if (isCapital && (isName(term) || (capital.contains(upper) && !small.contains(lower)))) {
        return true;
      }
    }
    return false;
  }
}
