package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// Somebody who watches one room as a browser does: whenever the socket is closed they come back,
/// with their place in the room.
final class ReturningWatcher implements AutoCloseable {

  private static final long BEFORE_COMING_BACK = 200_000_000L;

  private final Stack stack;
  private final String session;
  private final List<JsonNode> before = new CopyOnWriteArrayList<>();
  private final List<JsonNode> lost = new CopyOnWriteArrayList<>();
  private final AtomicInteger returns = new AtomicInteger();
  private final CompletableFuture<Void> over = new CompletableFuture<>();
  private final Thread thread;
  private volatile Watcher watcher;
  private volatile String epoch = "";

  ReturningWatcher(Stack stack, String session) {
    this.stack = stack;
    this.session = session;
    this.watcher = subscribed();
    this.thread = Thread.ofVirtual().start(this::watch);
  }

  private void watch() {
    while (!over.isDone()) {
      CompletableFuture.anyOf(watcher.closed().exceptionally(broken -> 0), over).join();
      if (!over.isDone()) {
        before.addAll(watcher.events());
        watcher.close();
        watcher = comeBack();
        returns.incrementAndGet();
      }
    }
  }

  private Watcher comeBack() {
    while (true) {
      LockSupport.parkNanos(BEFORE_COMING_BACK);
      try {
        return subscribed();
      } catch (CompletionException refused) {
        // Once more, then.
      }
    }
  }

  private Watcher subscribed() {
    Watcher next = new Watcher(stack.webUi());
    try {
      String from = epoch.isEmpty() ? "" : ",\"epoch\":\"" + epoch + "\"";
      next.send(
          "{\"cmd\":\"subscribe\",\"session_id\":\"%s\",\"after\":%d%s}"
              .formatted(session, before.size(), from));
      next
          .await(
              told ->
                  next.closed().isDone()
                      || told.stream().anyMatch(each -> Watcher.type(each).equals("subscribed")))
          .stream()
          .filter(each -> Watcher.type(each).equals("subscribed"))
          .forEach(this::told);
      return next;
    } catch (CompletionException | AssertionError refused) {
      next.close();
      throw refused;
    }
  }

  private void told(JsonNode subscribed) {
    epoch = subscribed.path("epoch").asText();
    if (!before.isEmpty() && !subscribed.path("recovered").asBoolean()) {
      lost.add(subscribed);
    }
  }

  /// How often they had to come back.
  int returns() {
    return returns.get();
  }

  /// All that they have seen, once they are gone.
  List<JsonNode> left(int events) throws InterruptedException {
    Stack.await(() -> before.size() + watcher.events().size(), count -> count >= events);
    over.complete(null);
    thread.join();
    assertThat(lost).as("a watcher of %s came back, and its place was gone", session).isEmpty();
    List<JsonNode> all = new ArrayList<>(before);
    all.addAll(watcher.events());
    return all;
  }

  @Override
  public void close() {
    over.complete(null);
    watcher.close();
  }
}
