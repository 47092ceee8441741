package dev.agentrooms.store;

import static dev.agentrooms.store.Await.done;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// A process that writes until it is killed. Everything that it writes has the next number, and it
/// says each number once it is answered.
final class KilledWriter {

  static final int KEYS = 8;
  static final int HISTORY = 1_000_000;

  private KilledWriter() {}

  /// @param args the folder, and the number to begin with
  public static void main(String[] args) throws InterruptedException {
    Store store =
        Stores.open(
            StoreSettings.inFolder(Path.of(args[0])), Clock.systemUTC(), StoreListener.NONE);
    long number = Long.parseLong(args[1]);
    List<OpenRoom> rooms = new ArrayList<>();
    List<StoredSession> sessions = new ArrayList<>();
    long[] last = new long[KEYS];
    long[] rev = new long[KEYS];
    for (int i = 0; i < KEYS; i++) {
      rooms.add(done(store.rooms().open("room-" + i, "epoch", HISTORY)));
      sessions.add(done(store.sessions().load("session-" + i)));
      last[i] = rooms.get(i).last();
      StoredSession.Kept kept = sessions.get(i).kept();
      rev[i] = kept == null ? 0 : Objects.requireNonNull(kept).rev();
    }
    Semaphore underWay = new Semaphore(100);
    for (int turn = 0; ; turn++) {
      int key = turn % KEYS;
      underWay.acquire();
      if (turn / KEYS % 5 == 0) {
        long mine = ++number;
        SessionRecord record =
            SessionRecord.of(
                sessions.get(key),
                rev[key]++,
                List.of(bytes(mine)),
                Records.row(Records.TIME),
                turn % 3 == 0 ? SessionRecord.Kind.RUN : SessionRecord.Kind.PROGRESS);
        store
            .sessions()
            .record(record)
            .whenComplete(
                (done, e) -> {
                  underWay.release();
                  say(mine, e);
                });
      } else {
        long mine = ++number;
        store
            .rooms()
            .append(
                rooms.get(key).handle(),
                ++last[key],
                "id-" + mine,
                bytes(mine),
                RoomStore.Delivered.NOTHING,
                null,
                new RoomStore.Appended() {
                  @Override
                  public void stored(long seq) {
                    underWay.release();
                    say(mine, null);
                  }

                  @Override
                  public void failed(long seq, StoreFailure why) {
                    say(mine, why);
                  }
                });
      }
    }
  }

  // One write for each line, so that what was begun is read whole.
  private static void say(long number, @Nullable Throwable failure) {
    byte[] line = (failure == null ? number + "\n" : failure + "\n").getBytes(UTF_8);
    System.out.write(line, 0, line.length);
    System.out.flush();
  }

  static byte[] bytes(long number) {
    return ByteBuffer.allocate(300).putLong(number).array();
  }
}
