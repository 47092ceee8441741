package dev.agentrooms.tools.notes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A folder of notes that is searched, and looked at again and again by a thread of its own.
///
/// A search takes the index as it is. Only one that comes before the first scan has ended waits for
/// it, because "nothing found" would be wrong then.
public final class Notes implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Notes.class);

  private final Path dir;
  private final NotesSettings settings;
  private final Path folder;
  private final NotesIndex index;
  private final NotesScan scan;
  private final CompletableFuture<Boolean> ready = new CompletableFuture<>();
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread scanner;
  private boolean isFailing;
  private volatile NotesList list = NotesList.NONE;

  private Notes(Path dir, NotesSettings settings, InstantSource clock) throws IOException {
    this.dir = dir;
    this.settings = settings;
    folder = IndexFolder.create();
    index = NotesIndex.in(folder);
    scan = new NotesScan(dir, settings, index, clock);
    scanner = Thread.ofPlatform().daemon().name("notes").unstarted(this::keepUp);
  }

  /// Returns at once; the first scan goes on.
  public static Notes start(Path dir, NotesSettings settings, InstantSource clock) {
    try {
      Notes notes = new Notes(dir, settings, clock);
      notes.scanner.start();
      return notes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Whether the first scan has ended.
  public boolean isReady() {
    return ready.isDone();
  }

  /// Completes when the first scan has ended.
  CompletableFuture<Boolean> ready() {
    return ready;
  }

  public NotesList list() {
    return list;
  }

  NotesIndex index() {
    return index;
  }

  List<NotesIndex.Hit> search(String question, int most) {
    return index.search(question, most);
  }

  private void keepUp() {
    // Twice within the time in which a change has to be found.
    long pause = Math.max(1, settings.rescan().toMillis() / 2);
    boolean isOver = false;
    while (!isOver) {
      look();
      try {
        isOver = stop.await(pause, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        isOver = true;
      }
    }
  }

  private void look() {
    try {
      NotesList before = list;
      list = scan.scan(() -> stop.getCount() == 0);
      if (!list.equals(before)) {
        LOG.info(
            "notes in {}: {} files, {} of them skipped",
            dir,
            list.files().size(),
            list.files().size() - list.indexed());
      }
      ready.complete(true);
      isFailing = false;
    } catch (IOException | RuntimeException e) {
      if (stop.getCount() > 0 && !isFailing) {
        isFailing = true;
        LOG.error("the notes in {} cannot be looked at", dir, e);
      }
    }
  }

  @Override
  public void close() {
    stop.countDown();
    try {
      scanner.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    index.close();
    IndexFolder.delete(folder);
  }
}
