package dev.agentrooms.store;

import static dev.agentrooms.store.Await.done;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A process that is killed with SIGKILL loses nothing that it was answered.
@Tag("process")
@Timeout(300)
class KillTest {

  private static final int KILLS = 3 * Integer.getInteger("stress.factor", 1);
  private static final int ANSWERS = 1500;

  @TempDir private Path dir;

  @Test
  void whatWasAnsweredIsThereAndWhatIsThereWasWrittenInOrder() throws Exception {
    Set<Long> answered = new TreeSet<>();
    long found = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      answered.addAll(answersUntilKilled(found));
      found = assertAllFound(answered);
    }
  }

  private List<Long> answersUntilKilled(long from) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                KilledWriter.class.getName(),
                dir.toString(),
                String.valueOf(from))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    List<Long> answers = new ArrayList<>();
    try (BufferedReader said =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      for (String line = said.readLine(); line != null; line = said.readLine()) {
        answers.add(Long.valueOf(line));
        if (answers.size() == ANSWERS) {
          // Not that of the process, which closes what it said, too.
          process.toHandle().destroyForcibly();
        }
      }
    } finally {
      process.destroyForcibly();
      assertThat(process.onExit().orTimeout(60, TimeUnit.SECONDS).join().isAlive()).isFalse();
    }
    assertThat(answers).hasSizeGreaterThanOrEqualTo(ANSWERS);
    return answers;
  }

  private long assertAllFound(Set<Long> answered) {
    Set<Long> found = new TreeSet<>();
    try (Store store =
        Stores.open(StoreSettings.inFolder(dir), Clock.systemUTC(), StoreListener.NONE)) {
      for (int key = 0; key < KilledWriter.KEYS; key++) {
        OpenRoom room = done(store.rooms().open("room-" + key, "another", KilledWriter.HISTORY));
        assertThat(room.epoch()).isEqualTo("epoch");
        for (int i = 0; i < room.events().size(); i++) {
          assertThat(room.events().get(i).seq()).isEqualTo(i + 1);
          assertThat(found.add(number(room.events().get(i).body()))).isTrue();
        }
        StoredSession.Kept kept = done(store.sessions().load("session-" + key)).kept();
        if (kept != null) {
          kept.events().forEach(event -> assertThat(found.add(number(event))).isTrue());
        }
      }
    }
    assertThat(found).containsAll(answered);
    // What is not there was written after all that is.
    long last = found.stream().mapToLong(Long::longValue).max().orElse(0);
    assertThat(found).hasSize((int) last);
    return last;
  }

  private static long number(byte[] body) {
    return ByteBuffer.wrap(body).getLong();
  }
}
