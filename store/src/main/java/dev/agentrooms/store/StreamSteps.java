package dev.agentrooms.store;

import dev.agentrooms.store.StreamTable.Parent;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The decisions about streams.
final class StreamSteps {

  private StreamSteps() {}

  static StreamMade make(StreamTable streams, StreamWish wish) throws SQLException {
    StreamRow there = streams.row(wish.path());
    if (there != null) {
      return taken(there, wish);
    }
    return wish.fork() == null ? made(streams, wish) : forked(streams, wish, wish.fork());
  }

  private static StreamMade taken(StreamRow there, StreamWish wish) {
    if (there.gone) {
      return new StreamMade.Taken("It has been deleted, and is still read through its forks.");
    }
    StreamWish.Fork fork = wish.fork();
    boolean isSame =
        isSameType(there, wish)
            && there.closed == wish.isClosed()
            && isSameTime(there, wish)
            && (fork == null ? there.source == 0 : isSameFork(there, fork));
    return isSame
        ? new StreamMade.Exists(there.info())
        : new StreamMade.Taken("It is there already, and is another than was asked for.");
  }

  private static boolean isSameType(StreamRow there, StreamWish wish) {
    return (wish.fork() != null && wish.contentType() == null)
        || StreamInfo.mediaType(there.contentType).equals(StreamInfo.mediaType(wish.typeAlone()));
  }

  private static boolean isSameTime(StreamRow there, StreamWish wish) {
    // A fork that was not asked to have a time of its own has its source's.
    boolean isInherited = wish.fork() != null && wish.ttlSeconds() < 0 && wish.expiresAt() < 0;
    return isInherited || (there.ttl == wish.ttlSeconds() && there.expiresAt == wish.expiresAt());
  }

  private static boolean isSameFork(StreamRow there, StreamWish.Fork fork) {
    return there.source != 0
        && there.forkPath.equals(fork.source())
        && (fork.seq() < 0 || there.forkSeq == fork.seq())
        && there.forkSub == fork.sub();
  }

  private static StreamMade made(StreamTable streams, StreamWish wish) throws SQLException {
    Parent none = new Parent(0, streams.newEpoch(), "", -1, 0, 0);
    StreamRow row = streams.make(wish, wish.typeAlone(), wish.ttlSeconds(), wish.expiresAt(), none);
    return row == null ? raced(streams, wish) : begun(streams, row, wish, null);
  }

  private static StreamMade begun(
      StreamTable streams, StreamRow row, StreamWish wish, byte @Nullable [] first)
      throws SQLException {
    if (first != null) {
      streams.append(row, List.of(first));
    }
    streams.append(row, wish.messages());
    if (wish.isClosed()) {
      row.close(null);
    }
    return new StreamMade.Made(row.info());
  }

  // Another node has made it since it was looked for.
  private static StreamMade raced(StreamTable streams, StreamWish wish) throws SQLException {
    StreamRow there = streams.row(wish.path());
    if (there == null) {
      throw new Raced("stream " + wish.path());
    }
    return taken(there, wish);
  }

  private static StreamMade forked(StreamTable streams, StreamWish wish, StreamWish.Fork fork)
      throws SQLException {
    StreamRow source = streams.row(fork.source());
    if (source == null) {
      return new StreamMade.NoSource();
    }
    if (source.gone) {
      return new StreamMade.SourceUnfit("The source has been deleted.");
    }
    String type = wish.contentType() == null ? source.contentType : wish.contentType();
    if (!StreamInfo.mediaType(type).equals(StreamInfo.mediaType(source.contentType))) {
      return new StreamMade.SourceUnfit("The source is of another content type.");
    }
    long seq = fork.seq() < 0 ? source.tail : fork.seq();
    if (seq > source.tail || (fork.epoch() != null && !fork.epoch().equals(source.epoch))) {
      return new StreamMade.NoSuchOffset("The source has no such offset.");
    }
    long at = seq;
    byte[] prefix = null;
    if (fork.sub() > 0) {
      if (StreamInfo.isJson(source.contentType)) {
        at = fork.sub() > source.tail - seq ? -1 : seq + fork.sub();
      } else {
        byte[] next = streams.next(source, seq);
        at = next == null || fork.sub() > next.length ? -1 : seq;
        prefix = at < 0 || next == null ? null : Arrays.copyOf(next, (int) fork.sub());
      }
    }
    if (at < 0) {
      return new StreamMade.NoSuchOffset("The source has not so much behind that offset.");
    }
    boolean inherits = wish.ttlSeconds() < 0 && wish.expiresAt() < 0;
    Parent parent = new Parent(source.id, source.epoch, source.path, seq, fork.sub(), at);
    StreamRow row =
        streams.make(
            wish,
            type,
            inherits ? source.ttl : wish.ttlSeconds(),
            inherits ? source.expiresAt : wish.expiresAt(),
            parent);
    if (row == null) {
      return raced(streams, wish);
    }
    source.refs++;
    source.isChanged = true;
    return begun(streams, row, wish, prefix);
  }

  static StreamAppended append(StreamTable streams, String path, StreamAppend what)
      throws SQLException {
    StreamRow row = streams.row(path);
    if (row == null) {
      return new StreamAppended.Missing();
    }
    if (row.gone) {
      return new StreamAppended.Gone();
    }
    StreamAppend.Producer by = what.producer();
    StreamAppended refusal = row.closed ? closed(streams, row, what) : refusal(streams, row, what);
    if (refusal != null) {
      return refusal;
    }
    streams.append(row, what.messages());
    row.use(streams.now());
    if (by != null) {
      streams.produced(row, by);
    }
    if (what.writerSeq() != null) {
      row.writerSeq = what.writerSeq();
      row.isChanged = true;
    }
    if (what.closes()) {
      row.close(by);
    }
    return new StreamAppended.Done(row.info(), true, by == null ? 0 : by.seq());
  }

  private static StreamAppended closed(StreamTable streams, StreamRow row, StreamAppend what)
      throws SQLException {
    StreamAppend.Producer by = what.producer();
    if (by == null) {
      return what.closes() && what.messages().isEmpty()
          ? new StreamAppended.Done(row.info(), false, 0)
          : new StreamAppended.Closed(row.info());
    }
    if (row.wasClosedBy(by)) {
      return new StreamAppended.Done(row.info(), false, by.seq());
    }
    ProducerState known = streams.producer(row, by.id());
    return by.epoch() < known.epoch()
        ? new StreamAppended.StaleProducer(known.epoch())
        : new StreamAppended.Closed(row.info());
  }

  private static @Nullable StreamAppended refusal(
      StreamTable streams, StreamRow row, StreamAppend what) throws SQLException {
    if (!what.messages().isEmpty()
        && what.contentType() != null
        && !StreamInfo.mediaType(what.contentType())
            .equals(StreamInfo.mediaType(row.contentType))) {
      return new StreamAppended.OtherType(row.info());
    }
    StreamAppend.Producer by = what.producer();
    if (by != null) {
      ProducerState known = streams.producer(row, by.id());
      StreamAppended refused =
          switch (known.judge(by.epoch(), by.seq())) {
            case NEXT -> null;
            case DUPLICATE -> new StreamAppended.Done(row.info(), false, known.seq());
            case STALE -> new StreamAppended.StaleProducer(known.epoch());
            case NOT_AT_ZERO -> new StreamAppended.NotAtZero();
            case GAP -> new StreamAppended.Gap(known.seq() + 1, by.seq());
          };
      if (refused != null) {
        return refused;
      }
    }
    return what.writerSeq() != null
            && !row.writerSeq.isEmpty()
            && what.writerSeq().compareTo(row.writerSeq) <= 0
        ? new StreamAppended.WriterSeqTaken()
        : null;
  }

  static StreamStore.Deleted delete(StreamTable streams, String path) throws SQLException {
    StreamRow row = streams.row(path);
    if (row == null) {
      return StreamStore.Deleted.MISSING;
    }
    if (row.gone) {
      return StreamStore.Deleted.GONE;
    }
    streams.delete(row);
    return row.gone ? StreamStore.Deleted.DONE_BUT_KEPT : StreamStore.Deleted.DONE;
  }
}
