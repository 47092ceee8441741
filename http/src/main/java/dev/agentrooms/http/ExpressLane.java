package dev.agentrooms.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME;

import dev.agentrooms.protocol.Json;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What every connection begins with where there is an [Express]: its requests are answered here
/// for as long as nothing else comes. At the first other byte the connection becomes the general
/// server's, with all that has not been answered.
///
/// It has no actor and no stream: it reads on the listener's thread and answers where the answer
/// comes about. The two never meet, because it asks for the next bytes only when it has answered.
final class ExpressLane implements TcpConnection.Owner {

  private static final Logger LOG = LoggerFactory.getLogger(ExpressLane.class);
  private static final Duration REST_OF_BODY = Duration.ofSeconds(1);
  private static final Duration ANSWER = Duration.ofSeconds(5);
  private static final Duration ANSWER_TAKEN = Duration.ofSeconds(10);
  // A request is looked at anew with each piece of it.
  private static final int MAX_PIECES = 16;

  /// The server that this lane is part of.
  interface Server {
    /// A request is being answered.
    void begun();

    /// It is no longer.
    void ended();

    /// The connection is yours; these are its bytes so far. Returns at once.
    void takeOver(TcpConnection connection, ByteString received);
  }

  private final TcpConnection connection;
  private final Express express;
  private final Server server;
  private final Duration idle;
  private ByteString held = ByteString.emptyByteString();
  private ByteString unsent = ByteString.emptyByteString();
  private int pieces;
  private @Nullable Exchange exchange;
  private volatile long waitsUntil;
  private volatile boolean isSending;

  /// @param idle how long the connection may say nothing between two requests
  ExpressLane(TcpConnection connection, Express express, Server server, Duration idle) {
    this.connection = connection;
    this.express = express;
    this.server = server;
    this.idle = idle;
  }

  /// @param patience how long the connection may say nothing at first
  void open(Duration patience) {
    connection.own(this);
    read(patience);
  }

  @Override
  public void onRead(TcpConnection.Read read) {
    switch (read) {
      case TcpConnection.Read.Bytes(ByteString bytes) -> {
        held = held.concat(bytes);
        consider();
      }
      case TcpConnection.Read.End end -> {
        if (held.isEmpty()) {
          connection.close();
        } else {
          general();
        }
      }
      case TcpConnection.Read.Failed failed -> connection.close();
    }
  }

  @Override
  public void onWritable() {
    send(unsent);
  }

  /// To be called a few times a second, on the listener's thread.
  ///
  /// @param now as of [System#nanoTime]
  void onTick(long now) {
    if (now - waitsUntil < 0) {
      return;
    }
    if (isSending) {
      // It asks, and does not read what it is told.
      connection.abort();
      return;
    }
    if (exchange != null && exchange.end()) {
      LOG.warn("the routes are to answer, because there was no answer in time");
      general();
      return;
    }
    if (!connection.takeBack()) {
      return;
    }
    // It has been answered, and waits for the next, since it was looked at.
    if (now - waitsUntil < 0) {
      connection.request();
    } else if (held.isEmpty()) {
      connection.abort();
    } else {
      general();
    }
  }

  private void read(Duration patience) {
    waitsUntil = System.nanoTime() + patience.toNanos();
    connection.request();
  }

  private void consider() {
    switch (PlainRequest.read(held, express.request())) {
      case PlainRequest.Reading.Other other -> general();
      case PlainRequest.Reading.Unfinished unfinished -> {
        if (++pieces > MAX_PIECES) {
          general();
        } else {
          read(REST_OF_BODY);
        }
      }
      case PlainRequest.Reading.Whole(PlainRequest request) -> {
        pieces = 0;
        waitsUntil = System.nanoTime() + ANSWER.toNanos();
        Exchange begun = new Exchange();
        exchange = begun;
        if (!isTaken(request, begun) && begun.end()) {
          general();
        }
      }
    }
  }

  private boolean isTaken(PlainRequest request, Exchange begun) {
    try {
      return express.answer(request, begun);
    } catch (RuntimeException e) {
      LOG.error("the routes are to answer, because of a mistake of ours", e);
      return false;
    }
  }

  /// One request that is being answered. The first to end it decides who answers.
  private final class Exchange implements Consumer<Object> {

    private final AtomicBoolean isOver = new AtomicBoolean();

    Exchange() {
      server.begun();
    }

    /// Ends it without an answer.
    ///
    /// @return false when it was over
    boolean end() {
      boolean ended = isOver.compareAndSet(false, true);
      if (ended) {
        server.ended();
      }
      return ended;
    }

    @Override
    public void accept(Object value) {
      if (!isOver.compareAndSet(false, true)) {
        return;
      }
      try {
        held = ByteString.emptyByteString();
        send(ok(Json.encode(value)));
      } catch (RuntimeException e) {
        // Not the business of who answered.
        LOG.error("an answer could not be sent", e);
        connection.close();
      } finally {
        server.ended();
      }
    }
  }

  private void send(ByteString bytes) {
    try {
      unsent = connection.write(bytes);
      if (unsent.isEmpty()) {
        isSending = false;
        read(idle);
      } else {
        if (!isSending) {
          waitsUntil = System.nanoTime() + ANSWER_TAKEN.toNanos();
          isSending = true;
        }
        connection.awaitWritable();
      }
    } catch (IOException e) {
      LOG.debug("the answer was not wanted: {}", e.getMessage());
      connection.close();
    }
  }

  private void general() {
    server.takeOver(connection, held);
  }

  private static ByteString ok(byte[] json) {
    byte[] start = Start.now();
    byte[] length = (json.length + "\r\n\r\n").getBytes(US_ASCII);
    byte[] whole = Arrays.copyOf(start, start.length + length.length + json.length);
    System.arraycopy(length, 0, whole, start.length, length.length);
    System.arraycopy(json, 0, whole, start.length + length.length, json.length);
    return ByteString.fromArrayUnsafe(whole);
  }

  /// What all answers of one second begin with.
  private record Start(long second, byte[] bytes) {

    private static final String HEAD =
        "HTTP/1.1 200 OK\r\nServer: agent-rooms\r\n"
            + SecurityHeaders.lines()
            + "Content-Type: application/json\r\nDate: ";
    private static final InstantSource CLOCK = InstantSource.system();
    private static volatile Start last = of(0);

    private static Start of(long second) {
      String date =
          RFC_1123_DATE_TIME.format(Instant.ofEpochSecond(second).atOffset(ZoneOffset.UTC));
      return new Start(second, (HEAD + date + "\r\nContent-Length: ").getBytes(US_ASCII));
    }

    static byte[] now() {
      long second = CLOCK.millis() / 1000;
      Start start = last;
      if (start.second != second) {
        start = of(second);
        last = start;
      }
      return start.bytes;
    }
  }
}
