package dev.agentrooms.tools.notes;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Json;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The files of the folder, as `GET /api/agent/notes` lists them.
///
/// @param indexedAt when the folder was last found to differ; null before the first scan
public record NotesList(List<Entry> files, @Nullable Instant indexedAt) {

  /// Without a folder.
  public static final NotesList NONE = new NotesList(List.of(), null);

  /// @param skipped why it is not searched; null when it is
  record Entry(
      String source, @Nullable String skipped, int chunks, long bytes, Instant modifiedAt) {}

  public NotesList {
    files = files.stream().sorted(Comparator.comparing(Entry::source)).toList();
  }

  public ObjectNode json() {
    ObjectNode json = Json.object();
    ArrayNode list = json.putArray("files");
    int chunks = 0;
    for (Entry file : files) {
      ObjectNode each = list.addObject().put("source", file.source());
      each.put("status", file.skipped() == null ? "indexed" : "skipped");
      each.put("reason", file.skipped()).put("chunks", file.chunks()).put("bytes", file.bytes());
      each.put("modified_at", file.modifiedAt().toString());
      chunks += file.chunks();
    }
    json.put("chunks", chunks);
    return json.put("indexed_at", indexedAt == null ? null : indexedAt.toString());
  }

  int indexed() {
    return (int) files.stream().filter(file -> file.skipped() == null).count();
  }
}
