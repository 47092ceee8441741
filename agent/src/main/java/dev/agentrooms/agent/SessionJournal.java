package dev.agentrooms.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.agentrooms.agent.session.SessionCodec;
import dev.agentrooms.agent.session.SessionEvent;
import dev.agentrooms.agent.session.SessionEvent.CancelRequested;
import dev.agentrooms.agent.session.SessionEvent.InputReceived;
import dev.agentrooms.agent.session.SessionEvent.KeysAdded;
import dev.agentrooms.agent.session.SessionEvent.RunAccepted;
import dev.agentrooms.agent.session.SessionEvent.RunCancelled;
import dev.agentrooms.agent.session.SessionEvent.RunStarted;
import dev.agentrooms.agent.session.SessionEvent.SessionDeleted;
import dev.agentrooms.agent.session.SessionEvent.SessionNamed;
import dev.agentrooms.agent.session.SessionEvent.SessionOpened;
import dev.agentrooms.agent.session.SessionMemory.Change;
import dev.agentrooms.agent.session.SessionMemory.Happened;
import dev.agentrooms.agent.session.SessionSnapshot;
import dev.agentrooms.agent.session.SessionState;
import dev.agentrooms.agent.session.SessionViews;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.SessionPage;
import dev.agentrooms.store.SessionRecord;
import dev.agentrooms.store.SessionRecord.Kind;
import dev.agentrooms.store.SessionRow;
import dev.agentrooms.store.SessionStore;
import dev.agentrooms.store.StoredSession;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// A session's part of the store: what is recorded of it, one record at a time.
final class SessionJournal {

  // Beyond that a snapshot is no shorter to read than the events are.
  private static final int MAX_SNAPSHOT_BYTES = 16 * 1024 * 1024;

  private final SessionStore store;
  private final StoredSession owned;
  private final Instant createdAt;
  private final long life;
  private long rev;
  private long snapshotRev;

  /// @param now when it begins, if there has been nothing of it yet
  SessionJournal(SessionStore store, StoredSession owned, Instant now) {
    this.store = store;
    this.owned = owned;
    StoredSession.Kept kept = owned.kept();
    this.createdAt = kept == null ? now : kept.row().createdAt();
    this.life = kept == null ? Math.max(1, now.toEpochMilli()) : kept.row().life();
    this.rev = kept == null ? 0 : kept.rev();
    this.snapshotRev = kept == null ? 0 : kept.rev() - kept.events().size();
  }

  /// Names the numbering of the session's deliveries.
  long life() {
    return life;
  }

  /// Whether there is anything of it in the store.
  boolean exists() {
    return rev > 0;
  }

  /// How many events there are since the last snapshot.
  long sinceSnapshot() {
    return rev - snapshotRev;
  }

  /// @param before the state that changes
  /// @param takes names that must be this session's alone
  CompletionStage<Void> record(
      SessionState before, Change change, long delivered, List<String> takes) {
    List<SessionEvent> events = change.happened().stream().map(Happened::event).toList();
    SessionRecord record =
        SessionRecord.of(
                owned,
                rev,
                events.stream().map(SessionCodec::encode).toList(),
                row(change.after(), change.told(), delivered),
                events.stream().anyMatch(SessionJournal::isPromised) ? Kind.RUN : Kind.PROGRESS)
            .taking(takes)
            .releasing(released(before, events));
    return store.record(record).thenRun(() -> rev = record.nextRev());
  }

  /// Records the session as a whole, in place of its events.
  CompletionStage<Void> snapshot(SessionSnapshot session, long delivered) {
    byte[] bytes = SessionCodec.encode(session);
    SessionRecord record =
        SessionRecord.of(
            owned, rev, List.of(), row(session.state(), session.told(), delivered), Kind.PROGRESS);
    boolean fits = bytes.length <= MAX_SNAPSHOT_BYTES;
    return store
        .record(fits ? record.withSnapshot(bytes) : record)
        .thenRun(() -> snapshotRev = rev);
  }

  CompletionStage<Void> forget() {
    return store.forget(owned.sessionId(), owned.generation());
  }

  // A deleted session holds no name but those of its runs that have yet to end.
  private static List<String> released(SessionState before, List<SessionEvent> events) {
    if (events.stream().noneMatch(SessionDeleted.class::isInstance)) {
      return List.of();
    }
    Set<String> names = new LinkedHashSet<>(before.keys().keySet());
    before.ended().forEach(run -> names.add(run.spec().claim()));
    before.runs().forEach(run -> names.remove(run.spec().claim()));
    return List.copyOf(names);
  }

  private SessionRow row(SessionState state, long told, long delivered) {
    Instant active = state.lastActiveAt();
    return new SessionRow(
        state.createdAt() == null ? createdAt : state.createdAt(),
        active == null ? createdAt : active,
        state.exists() ? line(state) : null,
        SessionViews.searched(owned.sessionId(), state),
        openSince(state, told > delivered),
        told,
        delivered,
        life,
        state.owner());
  }

  private String line(SessionState state) {
    return new String(
        Json.encode(SessionViews.entry(owned.sessionId(), state)), StandardCharsets.UTF_8);
  }

  /// What [#row] put into the list.
  static SessionPage.Entry entry(String line) {
    try {
      return Json.mapper().readValue(line, SessionPage.Entry.class);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  // One that only waits for a person has nothing to do before that time is over.
  private @Nullable Instant openSince(SessionState state, boolean delivers) {
    if (!state.runs().isEmpty()) {
      Instant accepted = state.runs().getFirst().spec().createdAt();
      return delivers || !state.isAtRest() ? accepted : state.answerBy().orElse(accepted);
    }
    return delivers || !state.exists() ? createdAt : null;
  }

  // What clients are answered, and the first call of a run.
  private static boolean isPromised(SessionEvent event) {
    return event instanceof RunAccepted
        || event instanceof RunStarted
        || event instanceof InputReceived
        || event instanceof KeysAdded
        || event instanceof CancelRequested
        || event instanceof RunCancelled
        || event instanceof SessionOpened
        || event instanceof SessionNamed
        || event instanceof SessionDeleted;
  }
}
