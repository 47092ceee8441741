package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/// Users of a server that may be gone at any moment: what they have asked for, and what they were
/// answered. Names begin with that of their session.
final class KilledWork {

  private static final int USERS = 4;
  private static final int PATIENT_FROM = 40;

  /// What was answered last about a run.
  enum Asked {
    ACCEPTED,
    CANCELLED,
    DELETED,
    /// Nobody knows: that answer never came.
    PERHAPS_DELETED
  }

  private final KeyedTool tool;
  private final long seed;
  private final String prefix;
  private final List<String> shared;
  private final AtomicInteger numbers = new AtomicInteger();
  private final Map<String, Asked> runs = new ConcurrentSkipListMap<>();
  private final Map<String, Long> published = new ConcurrentSkipListMap<>();
  private final Set<String> deleted = ConcurrentHashMap.newKeySet();
  private final Set<String> epochs = ConcurrentHashMap.newKeySet();
  // Requests that broke off, to be made again as they were.
  private final Map<String, String> unansweredRuns = new ConcurrentHashMap<>();
  private final Set<String> unansweredEvents = ConcurrentHashMap.newKeySet();
  // The calls for runs whose cancel was answered before the last kill.
  private final Map<String, Integer> callsOfCancelled = new ConcurrentHashMap<>();
  private final KilledOnlooker onlooker;
  private final KilledProducers producers;
  private final List<Thread> users = new ArrayList<>();
  private final List<AssertionError> violations = new CopyOnWriteArrayList<>();
  private volatile boolean isOver;

  KilledWork(KeyedTool tool, long seed) {
    this(tool, seed, "s");
  }

  /// @param prefix of all names, so that others may work at the same time
  KilledWork(KeyedTool tool, long seed, String prefix) {
    this.tool = tool;
    this.seed = seed;
    this.prefix = prefix;
    this.shared = List.of(prefix + "0", prefix + "1", prefix + "2");
    onlooker = new KilledOnlooker(tool, epochs, seed);
    producers = new KilledProducers(seed, prefix);
  }

  static String sessionOf(String name) {
    return name.substring(0, name.indexOf('-'));
  }

  Map<String, Asked> runs() {
    return runs;
  }

  /// The `seq` of each event that was answered.
  Map<String, Long> published() {
    return published;
  }

  Set<String> deleted() {
    return deleted;
  }

  /// Each with its session's name before it.
  Set<String> epochs() {
    return epochs;
  }

  KilledOnlooker onlooker() {
    return onlooker;
  }

  /// The rooms that all events are to be found in.
  List<String> sessions() {
    return shared;
  }

  /// Several at once, until [#end].
  void begin(Stack stack) {
    isOver = false;
    askAgain(stack);
    for (int i = 0; i < USERS; i++) {
      Random random = new Random(seed + numbers.incrementAndGet());
      users.add(Thread.ofVirtual().start(() -> work(stack, random)));
    }
  }

  /// The server is gone.
  void end() throws InterruptedException {
    isOver = true;
    for (Thread user : users) {
      user.join();
    }
    users.clear();
    // A call that was on its way when the agent died has arrived by then.
    LockSupport.parkNanos(50_000_000);
    runs.forEach(
        (runId, asked) -> {
          if (asked == Asked.CANCELLED || asked == Asked.DELETED) {
            callsOfCancelled.putIfAbsent(runId, tool.of(runId).size());
          }
        });
    onlooker.end();
  }

  private void work(Stack stack, Random random) {
    while (!isOver) {
      try {
        switch (random.nextInt(7)) {
          case 2 -> onlooker.look(stack, shared.get(random.nextInt(shared.size())));
          case 0 -> publish(stack, shared.get(random.nextInt(shared.size())));
          case 1 -> ofItsOwn(stack, random);
          case 3 -> producers.work(stack, random);
          default -> run(stack, random, shared.get(random.nextInt(shared.size())));
        }
      } catch (RuntimeException gone) {
        // What was asked for last is made again after the next start, or may not be done.
      } catch (AssertionError broken) {
        violations.add(broken);
      }
      // More at a time would only line up, or take long to be asked again.
      int unanswered = unansweredRuns.size() + unansweredEvents.size();
      LockSupport.parkNanos(1_000_000L * random.nextInt(1, unanswered > PATIENT_FROM ? 1000 : 40));
    }
  }

  private void run(Stack stack, Random random, String session) {
    String runId = session + "-r" + numbers.incrementAndGet();
    String onBusy = List.of("enqueue", "enqueue", "reject", "interrupt").get(random.nextInt(4));
    String question = random.nextBoolean() ? "Create a quiz about light" : "Why is it blue?";
    start(
        stack,
        runId,
        "{\"session_id\":\"%s\",\"question\":\"%s\",\"on_busy\":\"%s\",\"run_id\":\"%s\"}"
            .formatted(session, question, onBusy, runId));
    if (random.nextInt(3) == 0 && runs.containsKey(runId)) {
      Stack.Answer answer =
          stack.post(
              stack.agent() + "/api/agent/cancel",
              "{\"session_id\":\"%s\",\"run_id\":\"%s\"}".formatted(session, runId));
      if (answer.status() == 202) {
        runs.put(runId, Asked.CANCELLED);
      }
    }
  }

  private void start(Stack stack, String runId, String body) {
    unansweredRuns.put(runId, body);
    Stack.Answer answer = stack.post(stack.agent() + "/api/agent/run", body);
    if (answer.status() == 202) {
      runs.putIfAbsent(runId, Asked.ACCEPTED);
    }
    if (answer.status() != 503) {
      unansweredRuns.remove(runId);
    }
  }

  /// A session that is deleted as soon as it has a run, and perhaps its room after it.
  private void ofItsOwn(Stack stack, Random random) {
    String session = prefix + "d" + numbers.incrementAndGet();
    String runId = session + "-r";
    start(
        stack,
        runId,
        "{\"session_id\":\"%s\",\"question\":\"Create a quiz about time\",\"run_id\":\"%s\"}"
            .formatted(session, runId));
    if (runs.containsKey(runId) && random.nextInt(4) > 0) {
      runs.put(runId, Asked.PERHAPS_DELETED);
      if (stack.delete(stack.agent() + "/api/agent/sessions/" + session).status() == 204) {
        runs.put(runId, Asked.DELETED);
        deleted.add(session);
      }
    }
    if (runs.containsKey(runId) && random.nextBoolean()) {
      onlooker.delete(stack, session);
    }
  }

  private void publish(Stack stack, String session) {
    publishAs(stack, session + "-e" + numbers.incrementAndGet());
  }

  private void publishAs(Stack stack, String eventId) {
    unansweredEvents.add(eventId);
    String session = sessionOf(eventId);
    Stack.Answer answer =
        stack.post(
            stack.webUi() + "/api/agent/progress",
            ("{\"event_id\":\"%s\",\"session_id\":\"%s\",\"step\":\"elsewhere\","
                    + "\"ts\":\"2026-11-22T10:00:00Z\"}")
                .formatted(eventId, session));
    if (answer.status() == 200) {
      JsonNode ack = answer.json();
      Long before = published.putIfAbsent(eventId, ack.path("seq").asLong());
      assertThat(before).as("%s, seed %d", eventId, seed).isIn(null, ack.path("seq").asLong());
      epochs.add(session + " " + ack.path("epoch").asText());
      unansweredEvents.remove(eventId);
    }
  }

  /// Asks once more for what broke off, and for some of what was answered.
  void askAgain(Stack stack) {
    Map.copyOf(unansweredRuns).forEach((runId, body) -> start(stack, runId, body));
    Stream.concat(unansweredEvents.stream(), published.keySet().stream().limit(3))
        .toList()
        .forEach(eventId -> publishAs(stack, eventId));
  }

  /// That each run has ended as it may, that what was deleted is gone, and that answers and calls
  /// agree with it.
  void assertOutcomes(Stack stack) {
    runs()
        .forEach(
            (runId, asked) -> {
              if (asked == Asked.DELETED || asked == Asked.PERHAPS_DELETED) {
                return;
              }
              assertThat(Stack.await(() -> status(stack, runId), each -> !each.equals("running")))
                  .as("%s (%s), seed %d", runId, asked, seed)
                  .isIn(
                      asked == Asked.CANCELLED
                          ? Set.of("cancelled")
                          // A call in which the server dies again and again is not made for ever,
                          // and one that interrupts ends the one before.
                          : Set.of("succeeded", "failed", "cancelled"));
            });
    deleted()
        .forEach(
            session ->
                assertThat(stack.get(stack.agent() + "/api/agent/sessions/" + session).status())
                    .as("%s, seed %d", session, seed)
                    .isEqualTo(404));
    onlooker.assertDeleted(stack);
    producers.assertAll(stack);
    assertAnswers();
    assertCalls();
  }

  private static String status(Stack stack, String runId) {
    return stack
        .get(stack.agent() + "/api/agent/sessions/" + sessionOf(runId) + "/runs/" + runId)
        .json()
        .path("status")
        .asText("unknown")
        .replaceAll("queued|cancelling", "running");
  }

  void assertAnswers() {
    assertThat(violations).as("seed %d", seed).isEmpty();
  }

  /// No call for what was cancelled, deleted or over before a kill, and each step's under its one
  /// name.
  void assertCalls() {
    onlooker.assertCalls();
    callsOfCancelled.forEach(
        (runId, before) ->
            assertThat(tool.of(runId))
                .as("%s, seed %d", runId, seed)
                .hasSizeLessThanOrEqualTo(before));
    for (String runId : runs.keySet()) {
      Map<String, Set<String>> keys = new ConcurrentSkipListMap<>();
      for (KeyedTool.Call call : tool.of(runId)) {
        assertThat(call.key()).startsWith(runId + ".");
        keys.computeIfAbsent(call.path(), path -> new HashSet<>()).add(call.key());
      }
      assertThat(keys.values())
          .as("%s: %s, seed %d", runId, keys, seed)
          .allSatisfy(names -> assertThat(names).hasSize(1));
    }
  }

  @Override
  public String toString() {
    return "%d runs (%d cancelled, %d deleted), %d rooms deleted, %d events, %d numbered"
        .formatted(
            runs.size(),
            runs.values().stream().filter(asked -> asked == Asked.CANCELLED).count(),
            deleted.size(),
            onlooker.deleted(),
            published.size(),
            producers.size());
  }
}
