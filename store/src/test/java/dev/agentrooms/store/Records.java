package dev.agentrooms.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.agentrooms.store.SessionRecord.Kind;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Records for tests, of which most is always the same.
final class Records {

  static final Instant TIME = Instant.parse("2026-11-27T09:00:00Z");

  private Records() {}

  static SessionRow row(Instant active) {
    return new SessionRow(TIME, active, "{\"at\":\"" + active + "\"}", "", null, 0, 0, 1);
  }

  static SessionRecord of(StoredSession owned, long rev, String... events) {
    return of(owned, rev, row(TIME), events);
  }

  static SessionRecord of(StoredSession owned, long rev, SessionRow row, String... events) {
    return SessionRecord.of(owned, rev, list(events), row, Kind.PROGRESS);
  }

  static SessionRecord naming(StoredSession owned, long rev, List<String> takes) {
    return SessionRecord.of(owned, rev, list("named"), row(TIME), Kind.RUN).taking(takes);
  }

  static SessionRecord snapshot(StoredSession owned, long rev, String snapshot, String... events) {
    return of(owned, rev, events).withSnapshot(bytes(snapshot));
  }

  private static List<byte[]> list(String... events) {
    return Arrays.stream(events).map(Records::bytes).toList();
  }

  static SessionRow openSince(@Nullable Instant since) {
    return new SessionRow(TIME, TIME, "{}", "", since, 0, 0, 1);
  }

  static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  static List<String> texts(List<byte[]> events) {
    return events.stream().map(event -> new String(event, UTF_8)).toList();
  }
}
