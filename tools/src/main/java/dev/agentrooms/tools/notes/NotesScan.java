package dev.agentrooms.tools.notes;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings the index up to date with the folder. Reads only files that are new or have changed.
/// Used by one thread.
final class NotesScan {

  private static final Logger LOG = LoggerFactory.getLogger(NotesScan.class);

  /// What is known of a file since it was last looked at.
  private record Known(FolderWalk.Stamp stamp, NotesList.Entry entry) {}

  private final Path dir;
  private final NotesSettings settings;
  private final NotesIndex index;
  private final InstantSource clock;
  private Map<String, Known> known = Map.of();
  private @Nullable Instant indexedAt;

  NotesScan(Path dir, NotesSettings settings, NotesIndex index, InstantSource clock) {
    this.dir = dir;
    this.settings = settings;
    this.index = index;
    this.clock = clock;
  }

  /// One look at the whole folder.
  ///
  /// @param isOver asked between two files; then the rest is left for never
  NotesList scan(BooleanSupplier isOver) throws IOException {
    Map<String, Known> seen = new LinkedHashMap<>();
    long total = 0;
    int files = 0;
    boolean changed = indexedAt == null;
    for (Map.Entry<String, FolderWalk.Found> each : FolderWalk.of(dir).entrySet()) {
      if (isOver.getAsBoolean()) {
        break;
      }
      String source = each.getKey();
      FolderWalk.Found file = each.getValue();
      long size = file.stamp().size();
      String beyond = beyond(files, size, total);
      if (beyond == null) {
        files++;
        total += size;
      }
      Known before = known.get(source);
      if (isUnchanged(before, file, beyond)) {
        seen.put(source, before);
        continue;
      }
      seen.put(
          source,
          new Known(
              file.stamp(), beyond == null ? read(source, file) : skip(source, file, beyond)));
      changed = true;
    }
    for (String source : known.keySet()) {
      if (!seen.containsKey(source)) {
        index.remove(source);
        changed = true;
      }
    }
    known = seen;
    if (changed) {
      index.publish();
      indexedAt = clock.instant();
    }
    return new NotesList(seen.values().stream().map(Known::entry).toList(), indexedAt);
  }

  private @Nullable String beyond(int files, long size, long total) {
    if (size > settings.maxFileSize()) {
      return "is larger than agent.notes.max-file-size";
    }
    if (files >= settings.maxFiles()) {
      return "is beyond agent.notes.max-files";
    }
    return total + size > settings.maxTotalSize() ? "is beyond agent.notes.max-total-size" : null;
  }

  private static boolean isUnchanged(
      @Nullable Known before, FolderWalk.Found file, @Nullable String beyond) {
    return before != null
        && before.stamp().equals(file.stamp())
        && (beyond == null
            ? !isLimit(before.entry().skipped())
            : beyond.equals(before.entry().skipped()));
  }

  private static boolean isLimit(@Nullable String reason) {
    return reason != null && reason.contains("agent.notes.");
  }

  private NotesList.Entry read(String source, FolderWalk.Found file) throws IOException {
    try {
      byte[] bytes = bytes(file);
      Note note = NoteReader.read(source, bytes);
      List<Chunk> chunks = Chunker.chunks(source, note);
      if (chunks.isEmpty()) {
        return skip(source, file, "has no text");
      }
      index.put(source, chunks);
      return entry(source, file, null, chunks.size());
    } catch (Unreadable e) {
      LOG.warn("the note {} is skipped: it {}", source, e.why());
      return skip(source, file, e.why());
    }
  }

  // It may have grown, or gone, since the folder was looked at.
  private byte[] bytes(FolderWalk.Found file) throws Unreadable {
    try (InputStream stream = Files.newInputStream(file.path())) {
      byte[] bytes = stream.readNBytes(settings.maxFileSize());
      if (stream.read() >= 0) {
        throw new Unreadable("is larger than agent.notes.max-file-size");
      }
      return bytes;
    } catch (IOException e) {
      throw new Unreadable("cannot be opened");
    }
  }

  private NotesList.Entry skip(String source, FolderWalk.Found file, String why)
      throws IOException {
    index.remove(source);
    return entry(source, file, why, 0);
  }

  private static NotesList.Entry entry(
      String source, FolderWalk.Found file, @Nullable String skipped, int chunks) {
    return new NotesList.Entry(
        source, skipped, chunks, file.stamp().size(), file.stamp().modified());
  }
}
