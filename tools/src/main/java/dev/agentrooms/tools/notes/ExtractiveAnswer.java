package dev.agentrooms.tools.notes;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// An answer made of the two or three best sentences of the notes, verbatim, each followed by a
/// marker that stands for its chunk: "Chlorophyll absorbs red light. \[1] It is green. \[1]"
final class ExtractiveAnswer {

  private static final int MOST = 3;
  private static final int LEAST = 2;
  // A further sentence has to say nearly as much about the question as the best one.
  private static final double NEARLY = 0.55;
  // Chunks are ranked already: a sentence of the next one needs to be a little better.
  private static final double BY_RANK = 0.9;
  private static final double DEFINES = 1.6;

  private record Sentence(NotesIndex.Hit hit, String text, double worth) {}

  private final NotesIndex index;

  ExtractiveAnswer(NotesIndex index) {
    this.index = index;
  }

  /// @param hits what a search found
  ObjectNode of(String question, List<NotesIndex.Hit> hits) {
    ObjectNode result = Json.object();
    List<Sentence> best = best(question, hits);
    Map<String, Integer> markers = new LinkedHashMap<>();
    StringBuilder answer = new StringBuilder();
    for (Sentence each : best) {
      Chunk chunk = each.hit().chunk();
      int marker = markers.computeIfAbsent(chunk.id(), id -> markers.size() + 1);
      answer.append(answer.isEmpty() ? "" : " ");
      answer.append(each.text()).append(" [").append(marker).append(']');
    }
    result.put("answer", best.isEmpty() ? nothing(question) : answer.toString());
    ArrayNode chunks = result.putArray("chunks");
    hits.forEach(hit -> chunks.add(hit.chunk().json(hit.score())));
    ArrayNode citations = result.putArray("citations");
    markers.forEach(
        (id, marker) -> {
          ObjectNode citation = citations.addObject().put("marker", marker).put("chunk_id", id);
          hits.stream()
              .filter(hit -> hit.chunk().id().equals(id))
              .findFirst()
              .ifPresent(hit -> citation.put("source", hit.chunk().source()));
        });
    return result;
  }

  private static String nothing(String question) {
    return switch (Language.of(question)) {
      case ENGLISH -> "The notes say nothing about that.";
      case RUSSIAN -> "В заметках об этом ничего нет.";
    };
  }

  private List<Sentence> best(String question, List<NotesIndex.Hit> hits) {
    Map<String, Double> rarities = new LinkedHashMap<>();
    new LinkedHashSet<>(NotesAnalyzer.stems(question))
        .forEach(stem -> rarities.put(stem, index.rarity(stem)));
    List<Sentence> sentences = new ArrayList<>();
    double rank = 1;
    for (NotesIndex.Hit hit : hits) {
      List<String> texts = sentences(hit.chunk());
      for (String text : texts) {
        sentences.add(new Sentence(hit, text, rank * worth(rarities, hit.chunk(), text)));
      }
      rank *= BY_RANK;
    }
    List<Sentence> ranked =
        sentences.stream().sorted(Comparator.comparingDouble(Sentence::worth).reversed()).toList();
    List<Sentence> chosen = new ArrayList<>();
    Set<String> said = new HashSet<>();
    for (Sentence each : ranked) {
      boolean isGood = chosen.isEmpty() || each.worth() >= NEARLY * chosen.getFirst().worth();
      if (chosen.size() < MOST && isGood && said.add(each.text())) {
        chosen.add(each);
      }
    }
    if (chosen.size() < LEAST && !chosen.isEmpty()) {
      neighbour(sentences, chosen.getFirst()).ifPresent(chosen::add);
    }
    return chosen;
  }

  // Where only one sentence is about it, the next one of its chunk says how it goes on.
  private static Optional<Sentence> neighbour(List<Sentence> sentences, Sentence best) {
    List<Sentence> together =
        sentences.stream().filter(each -> each.hit().equals(best.hit())).toList();
    int at = together.indexOf(best);
    return at + 1 < together.size()
        ? Optional.of(together.get(at + 1))
        : at > 0 ? Optional.of(together.get(at - 1)) : Optional.empty();
  }

  private static List<String> sentences(Chunk chunk) {
    return chunk.isProse() ? chunk.sentences() : chunk.text().lines().toList();
  }

  /// The rarity of the words of the question that it has, half of it for those of its heading.
  private static double worth(Map<String, Double> rarities, Chunk chunk, String sentence) {
    Set<String> stems = new HashSet<>(NotesAnalyzer.stems(sentence));
    Set<String> above = new HashSet<>(NotesAnalyzer.stems(chunk.headings()));
    double worth = 0;
    for (Map.Entry<String, Double> each : rarities.entrySet()) {
      if (stems.contains(each.getKey())) {
        worth += each.getValue();
      } else if (above.contains(each.getKey())) {
        worth += each.getValue() / 2;
      }
    }
    boolean defines =
        Definition.of(sentence)
            .map(Definition::term)
            .filter(term -> rarities.keySet().containsAll(NotesAnalyzer.stems(term)))
            .isPresent();
    return defines && rarities.size() <= 3 ? worth * DEFINES : worth;
  }
}
