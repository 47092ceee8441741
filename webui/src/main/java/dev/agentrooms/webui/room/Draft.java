package dev.agentrooms.webui.room;

import dev.agentrooms.http.FrameWriter;
import dev.agentrooms.protocol.Delta;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.ServerMessage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/// The text of one part of a run while it is being written: one writer appends, and any number of
/// readers follow at their own pace, each with an offset of its own. It only grows.
///
/// A piece is rendered once for all who read it at the same pace; who is behind gets one longer
/// piece instead of several.
final class Draft {

  /// The longest draft, in UTF-16 code units. What comes beyond is only shown at the end.
  static final int MAX_LENGTH = 1 << 20;

  private static final int LONGEST_READ = 1 << 16;
  private static final long OPEN = Long.MAX_VALUE;
  private static final long GONE = 0;

  private record Rendered(int from, int to, RoomEvent piece) {}

  private final String sessionId;
  private final String runId;
  private final String part;
  // Guarded by this object's lock.
  private final StringBuilder text = new StringBuilder();
  // Where each delta but the first began, in code units.
  private final List<Integer> cuts = new ArrayList<>(0);
  private @Nullable Rendered latest;
  private long codePoints;
  private volatile int length;
  private volatile long end = OPEN;

  Draft(Delta first) {
    this.sessionId = first.sessionId();
    this.runId = first.runId();
    this.part = first.part();
  }

  String runId() {
    return runId;
  }

  String part() {
    return part;
  }

  boolean isOf(Delta delta) {
    return runId.equals(delta.runId()) && part.equals(delta.part());
  }

  /// Adds what is new in `delta`, whose text may overlap with what is there.
  ///
  /// @return whether there was something; not so behind a gap
  synchronized boolean append(Delta delta) {
    long known = codePoints - delta.offset();
    String more = delta.text();
    int count = more.codePointCount(0, more.length());
    if (known < 0 || known >= count || text.length() + more.length() > MAX_LENGTH) {
      return false;
    }
    if (!text.isEmpty()) {
      cuts.add(text.length());
    }
    text.append(more, more.offsetByCodePoints(0, (int) known), more.length());
    codePoints += count - known;
    length = text.length();
    return true;
  }

  /// How much there is to read, in code units.
  int length() {
    return length;
  }

  /// The event with this `seq` ends it.
  void endWith(long seq) {
    end = seq;
  }

  /// It is given up without an end.
  void giveUp() {
    end = GONE;
  }

  boolean isOpen() {
    return end == OPEN;
  }

  /// Whether it ends with the event `seq`, so that its text is to be read before.
  boolean endsWith(long seq) {
    return end == seq;
  }

  /// Whether who reads the event `seq` next has no use for it any more.
  boolean isOverBefore(long seq) {
    return end < seq;
  }

  /// All from a position up to its present end.
  ///
  /// @param from in code units
  /// @param offset the same position in code points
  synchronized Piece from(int from, long offset) {
    int to = text.length();
    Rendered known = latest;
    if (known == null || known.from() != from || known.to() != to) {
      known = new Rendered(from, to, render(offset, text.substring(from)));
      latest = known;
    }
    return new Piece(known.piece(), to, codePoints);
  }

  /// The next delta as its session cut it, for those who count pieces.
  Piece cut(int from, long offset) {
    Read next = read(from, offset);
    return new Piece(render(offset, next.delta().text()), next.to(), next.offset());
  }

  /// The same for other nodes, which are told of the cuts in this way: not rendered.
  synchronized Read read(int from, long offset) {
    int at = Collections.binarySearch(cuts, from + 1);
    int cut = at >= 0 ? at : -at - 1;
    int end = cut < cuts.size() ? cuts.get(cut) : text.length();
    int to = Math.min(end, from + LONGEST_READ);
    if (to < text.length() && Character.isHighSurrogate(text.charAt(to - 1))) {
      to--;
    }
    String read = text.substring(from, to);
    return new Read(
        new Delta(sessionId, runId, part, offset, read),
        to,
        offset + read.codePointCount(0, read.length()));
  }

  /// The whole of it, for an audience that begins.
  synchronized Delta whole() {
    return new Delta(sessionId, runId, part, 0, text.toString());
  }

  private RoomEvent render(long offset, String piece) {
    byte[] json = Json.encode(new ServerMessage.Written(sessionId, runId, part, offset, piece));
    ByteString frame = FrameWriter.text(json);
    return RoomEvent.ofDraft(frame, frame.size() - json.length);
  }

  /// @param to where the next piece begins, in code units
  /// @param offset the same in code points
  record Piece(RoomEvent rendered, int to, long offset) {}

  /// As [Piece].
  record Read(Delta delta, int to, long offset) {}
}
