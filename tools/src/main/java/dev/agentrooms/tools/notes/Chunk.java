package dev.agentrooms.tools.notes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A piece of a note that a search finds: whole sentences from below one heading.
///
/// @param id the same for as long as the file is unchanged
/// @param source path of the file below the folder, with `/`
/// @param title of the note
/// @param heading of its section, else the note's title
/// @param bold what is set in bold in it
/// @param isProse whether it is made of sentences; code and tables are not
record Chunk(
    String id,
    String text,
    String source,
    @Nullable String title,
    @Nullable String heading,
    @Nullable Integer page,
    List<String> bold,
    boolean isProse) {

  Chunk {
    bold = List.copyOf(bold);
  }

  List<String> sentences() {
    return isProse ? text.lines().flatMap(line -> Sentences.of(line).stream()).toList() : List.of();
  }

  /// Title and heading, each once.
  String headings() {
    String whole = title == null ? "" : title;
    return heading == null || heading.equals(title) ? whole : (whole + "\n" + heading).strip();
  }

  /// What a model is shown of it.
  String toModel() {
    String headings = headings().replace("\n", " / ");
    return headings.isEmpty() ? text : headings + "\n" + text;
  }

  ObjectNode json(double score) {
    ObjectNode json = Json.object().put("id", id).put("text", text).put("source", source);
    json.put("heading", heading).put("score", Math.round(score * 1000) / 1000.0);
    if (page != null) {
      json.put("page", page);
    }
    return json;
  }
}
