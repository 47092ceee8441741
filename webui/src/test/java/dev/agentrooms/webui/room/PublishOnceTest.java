package dev.agentrooms.webui.room;

import static dev.agentrooms.webui.room.TestEvents.encoded;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.protocol.ProgressAck;
import dev.agentrooms.webui.Stress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Deliveries that are repeated, by whoever does not know whether the first one arrived.
@Tag("race")
@Timeout(300)
class PublishOnceTest {

  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final int SENDERS = 8;

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private static ActorRef<RoomCommand> room(int historySize) {
    return KIT.spawn(
        WakingRoom.create(
            "quiz1",
            TestWiring.of(historySize, Duration.ofHours(1), 1, System::nanoTime),
            KIT.system().ignoreRef(),
            late -> {}));
  }

  private static ProgressAck publish(ActorRef<RoomCommand> room, String eventId) {
    RoomCommand.Answer answer =
        AskPattern.<RoomCommand, RoomCommand.Answer>ask(
                room,
                replyTo -> new RoomCommand.Publish(encoded(eventId), null, null, 1, replyTo),
                Duration.ofSeconds(60),
                KIT.system().scheduler())
            .toCompletableFuture()
            .join();
    return ((Published.Taken) answer.what()).ack();
  }

  @Test
  void concurrentRetriesGetOneSeqAndAllButOneAreDuplicates() throws Exception {
    int events = Stress.times(1_000);
    var room = room(events);
    var seqs = new ConcurrentHashMap<String, Set<Long>>();
    var firsts = new ConcurrentHashMap<String, AtomicInteger>();
    var start = new CyclicBarrier(SENDERS);
    try (var threads = Executors.newFixedThreadPool(SENDERS)) {
      var senders = new ArrayList<Future<?>>();
      for (int i = 0; i < SENDERS; i++) {
        var random = new Random(i);
        senders.add(
            threads.submit(
                () -> {
                  var mine = new ArrayList<String>();
                  for (int e = 0; e < events; e++) {
                    // Every sender is somewhere else in almost the same sequence.
                    mine.add("e" + (e ^ random.nextInt(8)) % events);
                  }
                  start.await();
                  for (String eventId : mine) {
                    var ack = publish(room, eventId);
                    seqs.computeIfAbsent(eventId, id -> ConcurrentHashMap.newKeySet())
                        .add(ack.seq());
                    if (!ack.duplicate()) {
                      firsts.computeIfAbsent(eventId, id -> new AtomicInteger()).incrementAndGet();
                    }
                  }
                  return null;
                }));
      }
      for (var sender : senders) {
        sender.get();
      }
    }

    assertThat(seqs.values()).allSatisfy(each -> assertThat(each).hasSize(1));
    assertThat(firsts.values()).allSatisfy(count -> assertThat(count).hasValue(1));
    var all = new HashSet<Long>();
    seqs.values().forEach(all::addAll);
    assertThat(all).hasSize(seqs.size());
    assertThat(Collections.min(all)).isEqualTo(1);
    assertThat(Collections.max(all)).isEqualTo(seqs.size());
  }

  @Test
  void anEventIsRepeatableForAsLongAsItIsRetained() {
    int historySize = 50;
    var room = room(historySize);
    var random = new Random(3);
    Map<String, Long> retained = new LinkedHashMap<>();
    long last = 0;
    for (int i = 0; i < Stress.times(3_000); i++) {
      String eventId = "e" + random.nextInt(2 * historySize);

      var ack = publish(room, eventId);

      Long first = retained.get(eventId);
      if (first != null) {
        assertThat(ack).isEqualTo(new ProgressAck("quiz1", first, ack.epoch(), true));
      } else {
        last++;
        assertThat(ack).isEqualTo(new ProgressAck("quiz1", last, ack.epoch(), false));
        retained.put(eventId, last);
        if (retained.size() > historySize) {
          retained.remove(List.copyOf(retained.keySet()).getFirst());
        }
      }
    }
    assertThat(last).isGreaterThan(historySize);
  }
}
