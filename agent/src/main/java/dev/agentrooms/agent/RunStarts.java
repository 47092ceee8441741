package dev.agentrooms.agent;

import dev.agentrooms.agent.session.RunSpec;
import dev.agentrooms.agent.session.SessionCommand;
import dev.agentrooms.agent.session.SessionCommand.Key;
import dev.agentrooms.agent.session.SessionCommand.Turn;
import dev.agentrooms.agent.session.Trace;
import dev.agentrooms.protocol.Fields;
import dev.agentrooms.protocol.Fingerprint;
import dev.agentrooms.protocol.RunRequest;
import java.net.InetAddress;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.jspecify.annotations.Nullable;

/// Requests for runs, as what their sessions are told.
final class RunStarts {

  static final String CORRELATION_ID = "X-Correlation-Id";
  private static final Pattern CORRELATION_IDS = Pattern.compile("[A-Za-z0-9._:-]{1,128}");

  private RunStarts() {}

  /// The same run's id, or key, without a session is the same session, on whatever node it arrives.
  ///
  /// @param user whose it is; null for nobody's
  static String sessionId(RunRequest run, @Nullable String key, @Nullable String user) {
    if (run.sessionId() != null) {
      return run.sessionId();
    }
    if (run.runId() != null) {
      // No key has a line break, so no key makes the same session.
      return "s-" + Fingerprint.of(own(user, "run_id\n" + run.runId())).substring(0, 32);
    }
    return "s-" + (key == null ? UUID.randomUUID().toString() : key.substring(0, 32));
  }

  /// Digest of an idempotency key: each user has keys of their own.
  static String digest(String key, @Nullable String user) {
    return Fingerprint.of(own(user, key));
  }

  // Neither a key nor what stands before a run's id has this line.
  private static String own(@Nullable String user, String name) {
    return user == null ? name : "user\n" + Fingerprint.of(user) + "\n" + name;
  }

  static List<Key> keys(@Nullable String key, RunRequest run, Fields body, @Nullable String user) {
    List<Key> keys = new ArrayList<>(2);
    if (key != null || run.runId() != null) {
      String fingerprint = Fingerprint.of(body.node());
      if (key != null) {
        keys.add(new Key(key, fingerprint, run.sessionId() == null));
      }
      if (run.runId() != null) {
        keys.add(new Key(RunSpec.claim(user, run.runId()), fingerprint, true));
      }
    }
    return keys;
  }

  /// The share of the queue that a waiting run counts against: its user's or, without users, that
  /// of the client's address. Loopback has none, since everybody on this machine has that address.
  static @Nullable String share(@Nullable String user, @Nullable InetAddress from) {
    if (user != null) {
      return "user:" + user;
    }
    return from == null || from.isLoopbackAddress() ? null : "address:" + from.getHostAddress();
  }

  static SessionCommand.Start start(
      HttpRequest request,
      RunRequest run,
      List<Key> keys,
      String sessionId,
      String runId,
      @Nullable String user,
      @Nullable InetAddress from,
      Instant now) {
    String traceparent =
        request.getHeader("traceparent").map(header -> header.value()).orElse(null);
    return new SessionCommand.Start(
        RunSpec.of(
                runId, sessionId, run, now.truncatedTo(ChronoUnit.MILLIS), Trace.from(traceparent))
            .calledBy(Trace.callerSpan(traceparent), correlationId(request).orElse(null), user),
        run.onBusy(),
        keys,
        Turn.LATER,
        share(user, from));
  }

  /// What the caller calls the request, when it says so in a form that we pass on.
  static Optional<String> correlationId(HttpRequest request) {
    return request
        .getHeader(CORRELATION_ID)
        .map(header -> header.value())
        .filter(id -> CORRELATION_IDS.matcher(id).matches());
  }
}
