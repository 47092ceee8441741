package dev.agentrooms.tools.notes;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a quiz is about, and the chunks that are about it.
final class QuizTopic {

  // "A quiz about my notes" is one about all of them.
  private static final Set<String> EVERYTHING =
      Set.copyOf(
          NotesAnalyzer.stems(
              "note notes course everything all anything material materials topic topics lecture lectures folder file"
                  + " files quiz test exam question questions create make generate write prepare new short whole random"
                  + " заметки заметкам заметок конспект конспекты конспектам конспекту курс курса курсу материал"
                  + " материалам материалы тема темы темам лекция лекции лекциям весь все всё всем вопросы вопрос"
                  + " вопросов тест теста викторина викторину экзамен создай создать сделай составь подготовь"
                  + " придумай напиши файл файлы файлам папка папке"));

  private static final int MOST_HITS = 120;
  private static final double ENOUGH = 0.3;

  // Of the words that say it; empty for all notes.
  private final Set<String> stems;

  QuizTopic(String words) {
    Set<String> all = new LinkedHashSet<>(NotesAnalyzer.stems(words));
    all.removeAll(EVERYTHING);
    stems = all;
  }

  boolean isEverything() {
    return stems.isEmpty();
  }

  /// The chunks about it, those that say most first.
  List<Chunk> chunks(NotesIndex index, String words) {
    if (isEverything()) {
      return alternating(index.any(MOST_HITS * 4), Language.of(words));
    }
    List<NotesIndex.Hit> hits = index.search(words, MOST_HITS);
    double most = hits.stream().mapToDouble(hit -> coverage(hit.chunk())).max().orElse(0);
    if (most == 0) {
      return List.of();
    }
    Set<String> focus = new HashSet<>();
    hits.stream()
        .filter(hit -> coverage(hit.chunk()) >= most)
        .forEach(hit -> focus.add(hit.chunk().source()));
    List<Chunk> named = new ArrayList<>();
    List<Chunk> others = new ArrayList<>();
    for (NotesIndex.Hit hit : hits) {
      Chunk chunk = hit.chunk();
      if (isNamedBy(chunk)) {
        named.add(chunk);
      } else if (coverage(chunk) >= most
          || (focus.contains(chunk.source()) && hit.score() >= ENOUGH * hits.getFirst().score())) {
        others.add(chunk);
      }
    }
    named.addAll(others);
    return named;
  }

  // One chunk of each file, then a second one of each; the language of the request first.
  private static List<Chunk> alternating(List<NotesIndex.Hit> hits, Language language) {
    Map<String, List<Chunk>> files = new LinkedHashMap<>();
    for (NotesIndex.Hit hit : hits) {
      files.computeIfAbsent(hit.chunk().source(), _ -> new ArrayList<>()).add(hit.chunk());
    }
    List<Chunk> mine = new ArrayList<>();
    List<Chunk> others = new ArrayList<>();
    for (int i = 0; mine.size() + others.size() < hits.size(); i++) {
      for (List<Chunk> file : files.values()) {
        if (i < file.size()) {
          Chunk chunk = file.get(i);
          (Language.of(chunk.text()) == language ? mine : others).add(chunk);
        }
      }
    }
    mine.addAll(others);
    return mine;
  }

  /// Whether a sentence of a chunk about it is about it, too.
  boolean isOf(Statement statement) {
    return isEverything()
        || isNamedBy(statement.chunk())
        || stems.stream().anyMatch(statement.stems()::contains);
  }

  private boolean isNamedBy(Chunk chunk) {
    return isOf(chunk.headings());
  }

  /// Whether a title names it.
  boolean isOf(String title) {
    return Set.copyOf(NotesAnalyzer.stems(title)).containsAll(stems);
  }

  private double coverage(Chunk chunk) {
    Set<String> has = new HashSet<>(NotesAnalyzer.stems(chunk.text()));
    has.addAll(NotesAnalyzer.stems(chunk.headings()));
    return (double) stems.stream().filter(has::contains).count() / stems.size();
  }
}
