package dev.agentrooms.webui;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.ProgressAck;
import dev.agentrooms.protocol.ProgressEvent;
import dev.agentrooms.protocol.StepWords;
import dev.agentrooms.protocol.Text;
import dev.agentrooms.store.PushedStore;
import dev.agentrooms.store.PushedStore.Pushed;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Rooms that are filled from outside: they are in the list of sessions beside those of the agent,
/// under a title of their own, until nobody has used them for as long as a room is kept.
final class PushedRooms {

  private static final Logger LOG = LoggerFactory.getLogger(PushedRooms.class);
  private static final int MAX_TITLE = 200;
  private static final int MAX_KNOWN = 10_000;
  // How stale the time of the last activity may be.
  private static final long WRITE_AGAIN_MILLIS = 1000;

  /// What was written of a room.
  private record Written(boolean isRunning, boolean hasTitle, long at) {}

  private final PushedStore store;
  private final InstantSource clock;
  private final Map<String, Written> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Written> eldest) {
          return size() > MAX_KNOWN;
        }
      };

  PushedRooms(PushedStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  /// A producer that is no session of ours has published an event.
  ///
  /// @param ack one that the room had already says nothing new, and a room that has been taken off
  ///     the list stays off it
  void saw(ProgressEvent event, ProgressAck ack) {
    if (ack.duplicate()) {
      return;
    }
    String title = title(event);
    boolean isTitle = title != null;
    String shown = title == null ? event.message() == null ? "" : event.message() : title;
    boolean isRunning = !StepWords.isTerminal(event.step());
    long now = clock.millis();
    if (!isNews(event.sessionId(), new Written(isRunning, isTitle, now))) {
      return;
    }
    String line = Text.cut(shown.replaceAll("[\\p{Cntrl}\\s]+", " ").strip(), MAX_TITLE);
    store
        .saw(new Pushed(event.sessionId(), line, isRunning, now, now), isTitle)
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                forget(event.sessionId());
                LOG.warn("a room that is filled from outside is not in the list yet", failure);
              }
            });
  }

  private static @Nullable String title(ProgressEvent event) {
    JsonNode title = event.meta() == null ? null : event.meta().get("title");
    return title != null && title.isTextual() && !Text.isBlank(title.asText())
        ? title.asText()
        : null;
  }

  private synchronized boolean isNews(String sessionId, Written now) {
    Written before = known.get(sessionId);
    boolean isNews =
        before == null
            || before.isRunning() != now.isRunning()
            || (now.hasTitle() && !before.hasTitle())
            || now.at() - before.at() >= WRITE_AGAIN_MILLIS;
    if (isNews) {
      known.put(
          sessionId,
          new Written(
              now.isRunning(), now.hasTitle() || (before != null && before.hasTitle()), now.at()));
    }
    return isNews;
  }

  private synchronized void forget(String sessionId) {
    known.remove(sessionId);
  }

  /// One more than `limit`, if there are as many.
  CompletionStage<List<Pushed>> page(int limit, @Nullable String after, @Nullable String search) {
    return store.page(limit + 1, after, search);
  }

  /// As a session of its own is shown.
  CompletionStage<Optional<ObjectNode>> find(String sessionId) {
    return store
        .find(sessionId)
        .thenApply(
            found ->
                found.map(
                    room -> {
                      ObjectNode whole = line(room);
                      whole.putArray("last_events");
                      return whole;
                    }));
  }

  /// @param title null for that of its next event
  /// @return whether there is such a room
  CompletionStage<Boolean> name(String sessionId, @Nullable String title) {
    return store
        .name(sessionId, title)
        .whenComplete((done, failure) -> forgetIfNamedAnew(sessionId, title));
  }

  // Its next event is to be looked at for a title.
  private void forgetIfNamedAnew(String sessionId, @Nullable String title) {
    if (title == null) {
      forget(sessionId);
    }
  }

  /// Takes the room off the list, until it has another event.
  ///
  /// @return whether it was there
  CompletionStage<Boolean> remove(String sessionId) {
    return store.forget(sessionId).whenComplete((done, failure) -> forget(sessionId));
  }

  private static ObjectNode line(Pushed room) {
    ObjectNode line =
        Json.object()
            .put("session_id", room.sessionId())
            .put("status", room.isRunning() ? "running" : "idle")
            .put("created_at", Instant.ofEpochMilli(room.createdAt()).toString())
            .put("last_active_at", Instant.ofEpochMilli(room.lastActiveAt()).toString());
    line.putNull("run");
    line.put("queued", 0).put("title", room.title()).put("pushed", true);
    return line;
  }

  private record Entry(long at, String id, JsonNode line) {}

  /// The agent's page with these rooms in their places, and no longer than `limit`.
  static ObjectNode merged(JsonNode page, List<Pushed> pushed, int limit) {
    List<Entry> entries = new ArrayList<>();
    for (JsonNode line : page.path("sessions")) {
      entries.add(
          new Entry(
              Instant.parse(line.path("last_active_at").asText()).toEpochMilli(),
              line.path("session_id").asText(),
              line));
    }
    for (Pushed room : pushed) {
      if (entries.stream().noneMatch(entry -> entry.id().equals(room.sessionId()))) {
        entries.add(new Entry(room.lastActiveAt(), room.sessionId(), line(room)));
      }
    }
    entries.sort(Comparator.comparingLong(Entry::at).thenComparing(Entry::id).reversed());
    boolean hasMore = page.hasNonNull("next") || entries.size() > limit;
    List<Entry> shown = entries.subList(0, Math.min(limit, entries.size()));
    ObjectNode merged = Json.object();
    ArrayNode sessions = merged.putArray("sessions");
    shown.forEach(entry -> sessions.add(entry.line()));
    if (hasMore && !shown.isEmpty()) {
      merged.put("next", shown.getLast().at() + "~" + shown.getLast().id());
    }
    return merged;
  }
}
