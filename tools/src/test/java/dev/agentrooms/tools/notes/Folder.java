package dev.agentrooms.tools.notes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BooleanSupplier;

/// A folder of notes in a test, which is searched.
final class Folder implements AutoCloseable {

  static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-03-01T00:00:00Z"));

  static final NotesSettings ROOMY =
      new NotesSettings(null, Duration.ofMillis(20), 20_000, 1 << 20, 1 << 30);

  private final Notes notes;

  private Folder(Notes notes) {
    this.notes = notes;
  }

  /// Once its first scan has ended.
  static Folder of(Path dir) {
    return of(dir, ROOMY);
  }

  static Folder of(Path dir, NotesSettings settings) {
    Notes notes = Notes.start(dir, settings, CLOCK);
    notes.ready().join();
    return new Folder(notes);
  }

  static void write(Path dir, String name, String text) {
    write(dir, name, text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  static void write(Path dir, String name, byte[] bytes) {
    try {
      Path file = dir.resolve(name);
      Files.createDirectories(file.getParent());
      Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Notes notes() {
    return notes;
  }

  /// The chunks that a search finds, best first.
  List<Chunk> found(String question, int most) {
    return notes.search(question, most).stream().map(NotesIndex.Hit::chunk).toList();
  }

  List<String> sources(String question) {
    return found(question, 50).stream().map(Chunk::source).distinct().toList();
  }

  List<String> listed() {
    return notes.list().files().stream()
        .map(file -> file.source() + (file.skipped() == null ? "" : ": " + file.skipped()))
        .toList();
  }

  static void await(BooleanSupplier wish) {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!wish.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("it never came to be");
      }
      Thread.onSpinWait();
      java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
    }
  }

  @Override
  public void close() {
    notes.close();
  }
}
