package dev.agentrooms.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.http.DroppedLines;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("unit")
@Timeout(120)
class NonBlockingStreamTest {

  private static final int LINES = 1_000;
  private static final int CAPACITY = 5_000;

  /// A reader that begins when it is told to.
  private static final class Reader extends OutputStream {

    private final CountDownLatch begun = new CountDownLatch(1);
    private final ByteArrayOutputStream read = new ByteArrayOutputStream();

    @Override
    public void write(int b) {
      throw new UnsupportedOperationException();
    }

    @Override
    public synchronized void write(byte[] bytes, int from, int length) {
      try {
        begun.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      read.write(bytes, from, length);
    }

    synchronized List<String> lines() {
      return read.toString(UTF_8).lines().toList();
    }
  }

  private final Reader reader = new Reader();
  private final List<Long> told = new CopyOnWriteArrayList<>();
  private final NonBlockingStream stream =
      new NonBlockingStream("test", reader, CAPACITY, told::add);
  private final PrintStream print = new PrintStream(stream, true, UTF_8);

  @Test
  void aStalledReaderDoesNotBlockTheWriterAndEachLineIsReadOrCounted() {
    long before = DroppedLines.count();

    for (int i = 0; i < LINES; i++) {
      print.println("line " + i);
    }

    long dropped = DroppedLines.count() - before;
    assertThat(dropped).isPositive();
    assertThat(told).isEmpty();
    reader.begun.countDown();
    stream.drain(Duration.ofSeconds(60));
    assertThat(reader.lines().size() + dropped).isEqualTo(LINES);
    assertThat(reader.lines()).startsWith("line 0", "line 1").doesNotContain("line 999");
    Stack.await(() -> told.stream().mapToLong(Long::longValue).sum(), sum -> sum == dropped);
  }

  @Test
  void whatFitsIsReadInFullAndInOrder() {
    for (int i = 0; i < 200; i++) {
      print.println("line " + i);
    }
    reader.begun.countDown();
    stream.drain(Duration.ofSeconds(60));

    assertThat(reader.lines()).hasSize(200).endsWith("line 198", "line 199");
    assertThat(told).isEmpty();
  }

  @Test
  void drainingGivesUpOnAStalledReader() {
    print.println("last words");

    stream.drain(Duration.ofMillis(50));

    assertThat(reader.begun.getCount()).isOne();
    reader.begun.countDown();
  }
}
