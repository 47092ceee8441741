package dev.agentrooms.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME;

import dev.agentrooms.protocol.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/// What every connection begins with where there is an [Express]: its requests are answered here
// for
/// as long as nothing else comes. At the first other byte the connection becomes the general
/// server's, with all that has not been answered.
final class ExpressLane extends GraphStage<FlowShape<ByteString, ByteString>> {

  private static final Duration REST_OF_BODY = Duration.ofSeconds(1);
  // A request is looked at anew with each piece of it.
  private static final int MAX_PIECES = 16;

  /// The server that this lane is part of.
  interface Server {
    /// A request is being answered.
    void begun();

    /// It is no longer.
    void ended();

    /// The connection is yours; these are its bytes so far.
    void takeOver(ByteString received);
  }

  private final Express express;
  private final TcpStage tcp;
  private final Server server;
  private final Duration firstBytes;
  private final Duration idle;
  private final Inlet<ByteString> in = Inlet.create("ExpressLane.in");
  private final Outlet<ByteString> out = Outlet.create("ExpressLane.out");
  private final FlowShape<ByteString, ByteString> shape = FlowShape.of(in, out);

  /// @param firstBytes how long a connection may say nothing at first
  /// @param idle how long it may say nothing between two requests
  ExpressLane(Express express, TcpStage tcp, Server server, Duration firstBytes, Duration idle) {
    this.express = express;
    this.tcp = tcp;
    this.server = server;
    this.firstBytes = firstBytes;
    this.idle = idle;
  }

  @Override
  public FlowShape<ByteString, ByteString> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private record Answer(@Nullable Object value) {}

  private final class Logic extends TimerGraphStageLogic {

    private final AsyncCallback<Answer> answered = createAsyncCallback(this::onAnswer);
    private ByteString held = ByteString.emptyByteString();
    private int pieces;
    private boolean isAnswering;
    private boolean isGeneral;

    Logic() {
      super(shape);
      setHandler(
          in,
          new AbstractInHandler() {
            @Override
            public void onPush() {
              held = held.concat(grab(in));
              if (!isGeneral) {
                consider();
              }
            }

            @Override
            public void onUpstreamFinish() {
              if (isAnswering) {
                return;
              }
              if (held.isEmpty()) {
                completeStage();
              } else {
                general();
              }
            }
          });
      setHandler(
          out,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              // It is asked for no more than one answer at a time.
            }
          });
    }

    @Override
    public void preStart() {
      await(firstBytes);
    }

    @Override
    public void postStop() {
      if (isAnswering) {
        server.ended();
      }
    }

    @Override
    public void onTimer(Object timer) {
      if (held.isEmpty()) {
        failStage(new TimeoutException("no request"));
      } else {
        general();
      }
    }

    private void await(Duration patience) {
      scheduleOnce(ExpressLane.class, patience);
      pull(in);
    }

    private void consider() {
      switch (PlainRequest.read(held, express.request())) {
        case PlainRequest.Reading.Other other -> general();
        case PlainRequest.Reading.Unfinished unfinished -> {
          if (++pieces > MAX_PIECES) {
            general();
          } else {
            await(REST_OF_BODY);
          }
        }
        case PlainRequest.Reading.Whole(PlainRequest request) -> {
          CompletionStage<?> answer = express.answer(request);
          if (answer == null) {
            general();
            return;
          }
          cancelTimer(ExpressLane.class);
          pieces = 0;
          isAnswering = true;
          server.begun();
          Stages.whenDone(answer, (value, failure) -> answered.invoke(new Answer(value)));
        }
      }
    }

    private void onAnswer(Answer answer) {
      isAnswering = false;
      server.ended();
      if (answer.value() == null) {
        general();
        return;
      }
      held = ByteString.emptyByteString();
      emit(out, ok(Json.encode(answer.value())));
      if (isClosed(in)) {
        complete(out);
      } else {
        await(idle);
      }
    }

    private void general() {
      isGeneral = true;
      cancelTimer(ExpressLane.class);
      tcp.handOver(unread -> server.takeOver(held.concat(unread)));
      complete(out);
    }
  }

  private static final String HEAD =
      "HTTP/1.1 200 OK\r\nServer: agent-rooms\r\n"
          + SecurityHeaders.lines()
          + "Content-Type: application/json\r\nDate: ";

  private static ByteString ok(byte[] json) {
    byte[] head =
        (HEAD + Date.now() + "\r\nContent-Length: " + json.length + "\r\n\r\n").getBytes(US_ASCII);
    byte[] whole = Arrays.copyOf(head, head.length + json.length);
    System.arraycopy(json, 0, whole, head.length, json.length);
    return ByteString.fromArrayUnsafe(whole);
  }

  /// The header's value, rendered once a second.
  private record Date(long second, String text) {
    private static volatile Date last = new Date(0, "");

    static String now() {
      long second = System.currentTimeMillis() / 1000;
      Date date = last;
      if (date.second != second) {
        date =
            new Date(
                second,
                RFC_1123_DATE_TIME.format(Instant.ofEpochSecond(second).atOffset(ZoneOffset.UTC)));
        last = date;
      }
      return date.text;
    }
  }
}
