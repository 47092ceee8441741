package dev.agentrooms.tools.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.tools.model.ModelAnswer.Stopped;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

@Tag("wire")
class ModelCancelTest {

  private static final Logger LOG = LoggerFactory.getLogger(ModelCancelTest.class);
  private static final ModelQuery HELLO = ModelQuery.text(null, "Hello?");

  /// Where a call is when it is cancelled.
  enum Moment {
    BEFORE_THE_HEAD,
    BEFORE_THE_FIRST_TOKEN,
    BETWEEN_TOKENS,
    BEHIND_THE_FINISH
  }

  @ParameterizedTest
  @EnumSource
  void aCancelClosesTheConnectionAtEveryMoment(Moment moment) throws Exception {
    CountDownLatch there = new CountDownLatch(1);
    ModelStub.Script script =
        e -> {
          if (moment != Moment.BEFORE_THE_HEAD) {
            e.begin();
          }
          if (moment.compareTo(Moment.BETWEEN_TOKENS) >= 0) {
            e.token("Well");
          }
          if (moment == Moment.BEHIND_THE_FINISH) {
            e.finish("stop");
          }
          there.countDown();
          e.waitForClose();
        };
    try (ModelStub stub = new ModelStub(script)) {
      CountDownLatch token =
          new CountDownLatch(moment.compareTo(Moment.BETWEEN_TOKENS) < 0 ? 0 : 1);
      ModelCall call = Asking.client(stub.uri()).call(HELLO, piece -> token.countDown());
      there.await();
      token.await();
      call.cancel();
      call.cancel();

      stub.awaitEnd();
      assertThat(call.ended().toCompletableFuture().get(20, TimeUnit.SECONDS))
          .isEqualTo(
              new Stopped(
                  token.getCount() == 0 && moment.compareTo(Moment.BETWEEN_TOKENS) >= 0
                      ? "Well"
                      : ""));
      assertThat(stub.requests()).isEqualTo(1);
    }
  }

  @Test
  void aCancelWhileARepairIsUnderWayClosesThatExchange() throws Exception {
    ModelStub.Script script =
        e -> {
          if (e.number() == 1) {
            e.text("no JSON");
          } else {
            e.waitForClose();
          }
        };
    try (ModelStub stub = new ModelStub(script)) {
      ModelCall call =
          Asking.client(stub.uri())
              .call(
                  ModelQuery.json(null, "?", Asking.schema("{\"type\":\"object\"}")), piece -> {});
      stub.awaitRequest();
      stub.awaitRequest();
      call.cancel();

      stub.awaitEnd();
      stub.awaitEnd();
      assertThat(call.ended().toCompletableFuture().get()).isEqualTo(new Stopped(""));
    }
  }

  @Test
  void aConnectionIsClosedSoonAfterACancelWhicheverMomentItComesAt() throws Exception {
    int times = 300 * Integer.getInteger("stress.factor", 1);
    Random random = new Random(17);
    Map<String, Long> cancelled = new ConcurrentHashMap<>();
    Map<String, Long> closed = new ConcurrentHashMap<>();
    ModelStub.Script script =
        e -> {
          Thread reader =
              Thread.ofVirtual()
                  .start(
                      () -> {
                        e.waitForClose();
                        closed.put(
                            e.request().at("/messages/0/content").asText(), System.nanoTime());
                      });
          try {
            e.begin();
            while (reader.isAlive()) {
              e.token("word ");
              LockSupport.parkNanos(200_000);
            }
          } finally {
            reader.join();
          }
        };
    try (ModelStub stub = new ModelStub(script)) {
      ModelClient client = Asking.client(stub.uri());
      for (int i = 0; i < times; i++) {
        String id = "call " + i;
        ModelCall call = client.call(ModelQuery.text(null, id), piece -> {});
        LockSupport.parkNanos(random.nextInt(3_000_000));
        cancelled.put(id, System.nanoTime());
        call.cancel();
        assertThat(call.ended().toCompletableFuture().get(20, TimeUnit.SECONDS))
            .isInstanceOf(Stopped.class);
      }
      for (int i = 0; i < stub.requests(); i++) {
        stub.awaitEnd();
      }
    }
    List<Long> delays =
        closed.entrySet().stream()
            .map(end -> end.getValue() - cancelled.getOrDefault(end.getKey(), 0L))
            .sorted()
            .toList();
    long p99 = delays.get((int) Math.ceil(delays.size() * 0.99) - 1);
    LOG.info(
        "{} cancels of {} came while a connection was open; it was closed after p50 {} µs, p99 {} µs",
        delays.size(),
        times,
        delays.get(delays.size() / 2) / 1000,
        p99 / 1000);
    assertThat(p99).isLessThan(TimeUnit.MILLISECONDS.toNanos(200));
  }
}
