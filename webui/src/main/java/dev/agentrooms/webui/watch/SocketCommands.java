package dev.agentrooms.webui.watch;

import dev.agentrooms.http.FrameWriter;
import dev.agentrooms.http.Loop;
import dev.agentrooms.http.Stages;
import dev.agentrooms.http.access.Verdict;
import dev.agentrooms.protocol.ClientCommand;
import dev.agentrooms.protocol.InvalidField;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.MalformedJson;
import dev.agentrooms.protocol.ServerMessage;
import dev.agentrooms.webui.room.Admission;
import dev.agentrooms.webui.room.Position;
import dev.agentrooms.webui.room.Refused;
import dev.agentrooms.webui.room.Rooms;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What one socket's client commands, carried out: the rooms in which it sits, and the replies.
///
/// One command is carried out at a time. One that has to wait ends with [#onAnswer].
final class SocketCommands {

  private static final Logger LOG = LoggerFactory.getLogger(SocketCommands.class);
  private static final ByteString PONG = message(new ServerMessage.Pong());

  /// What became of a wish to join.
  sealed interface Answer {

    /// @param verdict null when it could not be decided
    record Decided(ClientCommand.Subscribe command, @Nullable Verdict verdict) implements Answer {}

    /// @param admission null when the room did not answer
    record Joined(Subscription subscription, @Nullable Admission admission) implements Answer {}
  }

  private final Rooms rooms;
  private final SubscribeDoor door;
  private final int maxRooms;
  private final RateLimit rate;
  private final Subscriptions subscriptions;
  private final Outgoing outgoing;
  private final Loop loop;
  private final Consumer<Subscription> woken;
  private final Consumer<Answer> answered;
  private @Nullable Subscription joining;
  private boolean deciding;

  /// @param outgoing takes the replies, and the rooms that have something to read
  /// @param loop where the socket runs
  /// @param woken called from a room that has something to read, on any thread
  /// @param answered called when a room has answered, on any thread
  SocketCommands(
      Rooms rooms,
      SubscribeDoor door,
      SocketSettings settings,
      Outgoing outgoing,
      Loop loop,
      Consumer<Subscription> woken,
      Consumer<Answer> answered) {
    this.rooms = rooms;
    this.door = door;
    this.maxRooms = settings.maxRooms();
    this.rate = new RateLimit(settings.commands(), System::nanoTime);
    this.subscriptions = new Subscriptions(maxRooms);
    this.outgoing = outgoing;
    this.loop = loop;
    this.woken = woken;
    this.answered = answered;
    outgoing.onTakenOver(this::takenOver);
  }

  Subscriptions subscriptions() {
    return subscriptions;
  }

  /// Whether a command waits for its room.
  boolean isWaiting() {
    return joining != null || deciding;
  }

  void carryOut(ByteString utf8) {
    if (!rate.take()) {
      error("rate_limited", "That was too many commands in too short a time.", null, null);
      return;
    }
    try {
      switch (ClientCommand.parse(utf8.toArrayUnsafe())) {
        case ClientCommand.Subscribe subscribe -> subscribe(subscribe);
        case ClientCommand.Unsubscribe(String sessionId) -> {
          drop(sessionId);
          reply(new ServerMessage.Unsubscribed(sessionId));
        }
        case ClientCommand.Ping ping -> outgoing.reply(PONG);
      }
    } catch (InvalidField e) {
      String code = e.field().equals("cmd") ? "unknown_command" : "invalid_field";
      error(code, e.detail(), e.field().isEmpty() ? null : e.field(), null);
    } catch (MalformedJson e) {
      error("malformed_json", e.detail(), null, null);
    } catch (RuntimeException bug) {
      // It ends the command, and not the socket with all its rooms.
      LOG.error("a command of a socket failed: {}", bug.getClass().getName());
      joining = null;
      deciding = false;
      error("internal_error", "The server made a mistake.", null, null);
    }
  }

  void refuseBinary() {
    error("binary_not_supported", "Commands are JSON in text messages.", null, null);
  }

  void onAnswer(Answer answer) {
    switch (answer) {
      case Answer.Decided(ClientCommand.Subscribe command, Verdict verdict) -> {
        deciding = false;
        decided(command, verdict);
      }
      case Answer.Joined(Subscription subscription, Admission admission) ->
          onJoined(subscription, admission);
    }
  }

  private void onJoined(Subscription subscription, @Nullable Admission admission) {
    joining = null;
    switch (admission) {
      case null -> {
        // It may yet let us in.
        subscription.subscriber().leave();
        error("unavailable", "The room did not answer.", null, subscription.sessionId());
      }
      case Refused refused -> refused(refused, subscription.sessionId());
      case Admission.Joined joined -> joined(subscription, joined);
    }
  }

  private void refused(Refused why, String sessionId) {
    switch (why) {
      case TOO_MANY_EMPTY ->
          error(
              "too_many_empty_rooms",
              "Too many rooms without an event are watched. Try again later.",
              null,
              sessionId);
      case STORE_UNAVAILABLE, STORE_FULL ->
          error("unavailable", "The room cannot be read now. Try again.", null, sessionId);
      case UNANSWERED -> error("unavailable", "The room did not answer.", null, sessionId);
    }
  }

  private void joined(Subscription subscription, Admission.Joined joined) {
    subscriptions.add(subscription);
    Boolean recovered = joined.recovered();
    reply(
        new ServerMessage.Subscribed(
            subscription.sessionId(),
            joined.epoch(),
            joined.seq(),
            recovered,
            recovered != null && !recovered ? joined.firstSeq() : null));
    outgoing.ready(subscription);
  }

  /// The socket is gone.
  void leaveAll() {
    if (joining != null) {
      joining.subscriber().leave();
    }
    subscriptions.leaveAll();
  }

  private void subscribe(ClientCommand.Subscribe command) {
    CompletableFuture<Verdict> verdict = door.admit(command).toCompletableFuture();
    if (verdict.isDone() && !verdict.isCompletedExceptionally()) {
      decided(command, verdict.join());
    } else {
      deciding = true;
      Stages.whenDone(
          verdict, (what, failure) -> answered.accept(new Answer.Decided(command, what)));
    }
  }

  private void decided(ClientCommand.Subscribe command, @Nullable Verdict verdict) {
    String sessionId = command.sessionId();
    switch (verdict) {
      case null -> error("unavailable", "Whose room it is cannot be told.", null, sessionId);
      case Verdict.Granted(Instant until) -> join(command, until);
      case Verdict.Unauthorized(String detail) -> error("unauthorized", detail, "token", sessionId);
      case Verdict.Forbidden(String detail) -> error("forbidden", detail, "token", sessionId);
      case Verdict.Unknown unknown ->
          error("forbidden", "There is no such room of yours.", "token", sessionId);
      case Verdict.Undecided undecided ->
          error("unavailable", "The agent does not say whose room it is.", null, sessionId);
    }
  }

  private void join(ClientCommand.Subscribe command, @Nullable Instant until) {
    String sessionId = command.sessionId();
    if (!subscriptions.hasPlaceFor(sessionId)) {
      error("too_many_rooms", "One socket may sit in " + maxRooms + " rooms.", null, sessionId);
      return;
    }
    drop(sessionId);
    Subscription subscription = new Subscription(sessionId, until, loop, woken, command.deltas());
    joining = subscription;
    Position position =
        command.after() == null ? null : new Position(command.after(), command.epoch());
    Stages.whenDone(
        rooms.join(sessionId, subscription.subscriber(), position),
        (admission, failure) -> answered.accept(new Answer.Joined(subscription, admission)));
  }

  private void drop(String sessionId) {
    Subscription left = subscriptions.remove(sessionId);
    if (left != null) {
      outgoing.drop(left);
      left.subscriber().leave();
    }
  }

  private void takenOver(Subscription subscription) {
    drop(subscription.sessionId());
    error("forbidden", "The session is another user's now.", null, subscription.sessionId());
  }

  private void error(
      String code, String detail, @Nullable String field, @Nullable String sessionId) {
    reply(new ServerMessage.Error(code, detail, field, sessionId));
  }

  private void reply(ServerMessage message) {
    outgoing.reply(message(message));
  }

  private static ByteString message(ServerMessage message) {
    return FrameWriter.text(Json.encode(message));
  }
}
