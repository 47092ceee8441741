package dev.agentrooms.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one command changes in a session, committed in one transaction.
///
/// A session's events are numbered 1, 2, 3 …: with `rev` 7 and two events, these become 8 and 9,
/// and the next record has `rev` 9. The first record of a session has `rev` 0.
///
/// @param generation of the owner, from [StoredSession]
/// @param rev the number of the last event before these; 0 makes the session
/// @param events may be empty, when only the row changes
/// @param row as it is after them
/// @param snapshot the session after these events: it stands for all events up to and including
///     them, and they are not kept; null when there is none
/// @param takes names to claim as unique for this session; those that it has already are fine
/// @param releases names to release, so that others can claim them
public record SessionRecord(
    String sessionId,
    long generation,
    long rev,
    List<byte[]> events,
    SessionRow row,
    byte @Nullable [] snapshot,
    List<String> takes,
    List<String> releases,
    Kind kind) {

  public SessionRecord {
    events = List.copyOf(events);
    takes = List.copyOf(takes);
    releases = List.copyOf(releases);
  }

  /// What a record is for, which determines by the settings how durable it must be before it is
  /// acknowledged.
  public enum Kind {
    /// A run, a cancel, a delete, a run's first call: what clients are promised.
    RUN,
    /// Everything else.
    PROGRESS
  }

  /// A record of events and row alone.
  public static SessionRecord of(
      StoredSession owned, long rev, List<byte[]> events, SessionRow row, Kind kind) {
    return new SessionRecord(
        owned.sessionId(), owned.generation(), rev, events, row, null, List.of(), List.of(), kind);
  }

  public SessionRecord withSnapshot(byte[] session) {
    return new SessionRecord(
        sessionId, generation, rev, events, row, session, takes, releases, kind);
  }

  public SessionRecord taking(List<String> names) {
    return new SessionRecord(
        sessionId, generation, rev, events, row, snapshot, names, releases, kind);
  }

  public SessionRecord releasing(List<String> names) {
    return new SessionRecord(sessionId, generation, rev, events, row, snapshot, takes, names, kind);
  }

  /// The `rev` of the next record.
  public long nextRev() {
    return rev + events.size();
  }

  int bytes() {
    int bytes = 256 + row.search().length();
    if (row.line() != null) {
      bytes += row.line().length();
    }
    if (snapshot != null) {
      bytes += snapshot.length;
    }
    for (byte[] event : events) {
      bytes += event.length;
    }
    return bytes;
  }
}
