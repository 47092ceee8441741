package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/// Producers that number what they write, to an ordinary stream and to a room, on a server that may
/// be gone at any moment; and readers of both. What has no answer is sent again as it was.
final class KilledProducers {

  private final long seed;
  private final List<Written> streams;

  /// A stream with one producer and one reader.
  private static final class Written {

    final String path;
    boolean isThere;
    // Of the message that is sent next; those before it were answered.
    int number;
    int epoch;
    int seq;
    boolean mayBeThere;
    String offset = "-1";
    final List<Integer> seen = new ArrayList<>();

    Written(String path) {
      this.path = path;
    }
  }

  KilledProducers(long seed, String prefix) {
    this.seed = seed;
    this.streams = List.of(new Written(prefix + "-log"), new Written("rooms/" + prefix + "p"));
  }

  int size() {
    return streams.stream().mapToInt(each -> each.number).sum();
  }

  /// Writes to one of them, or reads what is new in it.
  void work(Stack stack, Random random) {
    Written stream = streams.get(random.nextInt(streams.size()));
    synchronized (stream) {
      if (random.nextInt(4) == 0) {
        read(stack, stream);
      } else {
        write(stack, stream, random);
      }
    }
  }

  private static void write(Stack stack, Written stream, Random random) {
    String url = stack.webUi() + "/v1/stream/" + stream.path;
    if (!stream.isThere) {
      int made = stack.put(url).status();
      assertThat(made).as(stream.path).isIn(200, 201, 503);
      stream.isThere = made != 503;
      return;
    }
    // Another process goes on: it claims the next epoch, and numbers from zero.
    if (!stream.mayBeThere && stream.seq > 0 && random.nextInt(20) == 0) {
      stream.epoch++;
      stream.seq = 0;
    }
    boolean isRepeated = stream.mayBeThere;
    stream.mayBeThere = true;
    Stack.Answer answer = send(stack, url, stream);
    if (answer.status() == 503) {
      return;
    }
    // 204 says that it was there already.
    assertThat(answer.status()).as(stream.path).isIn(isRepeated ? List.of(200, 204) : List.of(200));
    stream.mayBeThere = false;
    stream.seq++;
    stream.number++;
  }

  private static Stack.Answer send(Stack stack, String url, Written stream) {
    String event =
        """
        {"event_id":"%s-%d","ts":"2026-11-22T10:00:00Z","step":"built","meta":{"n":%d}}"""
            .formatted(stream.path.replace("rooms/", ""), stream.number, stream.number);
    return stack.post(
        url,
        event,
        "Producer-Id",
        "compiler",
        "Producer-Epoch",
        "" + stream.epoch,
        "Producer-Seq",
        "" + stream.seq);
  }

  private static void read(Stack stack, Written stream) {
    Stack.Answer answer =
        stack.get(stack.webUi() + "/v1/stream/" + stream.path + "?offset=" + stream.offset);
    if (answer.status() != 200) {
      return;
    }
    for (JsonNode message : answer.json()) {
      stream.seen.add(message.at("/meta/n").asInt(-1));
    }
    stream.offset = answer.header("stream-next-offset");
  }

  private static void readAll(Stack stack, Written stream) {
    int before;
    do {
      before = stream.seen.size();
      read(stack, stream);
    } while (stream.seen.size() > before);
  }

  /// Each answered message is there once and in order. So a reader has them that continued from its
  /// offset after each crash, and one that begins now.
  void assertAll(Stack stack) {
    for (Written stream : streams) {
      if (!stream.isThere) {
        continue;
      }
      while (stream.mayBeThere) {
        write(stack, stream, new Random(seed));
      }
      List<Integer> written = IntStream.range(0, stream.number).boxed().toList();
      readAll(stack, stream);
      assertThat(stream.seen).as("%s, seed %d", stream.path, seed).isEqualTo(written);
      stream.seen.clear();
      stream.offset = "-1";
      readAll(stack, stream);
      assertThat(stream.seen).as("%s anew, seed %d", stream.path, seed).isEqualTo(written);
    }
  }
}
