package dev.agentrooms.agent.session;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Fingerprint;
import dev.agentrooms.protocol.RunRequest;
import dev.agentrooms.protocol.Submission;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The request that made a run: immutable for its whole life.
///
/// @param trace the W3C trace that the run belongs to
/// @param caller who asked
/// @param replaces the run that this one was asked instead of; null for none, as in older journals
public record RunSpec(
    String runId,
    String sessionId,
    String question,
    @Nullable Integer numQuestions,
    @Nullable Submission submission,
    @Nullable String workflow,
    @Nullable ObjectNode input,
    Instant createdAt,
    Trace trace,
    Caller caller,
    @Nullable String replaces) {

  private static final String CLAIM = "run:";

  /// The caller, as its request's headers describe it.
  ///
  /// @param spanId the caller's span; null when the trace starts with the run
  /// @param correlationId the run's name in the caller's logs; by default the run's id
  /// @param choseId whether the caller chose the run's id
  /// @param user whom the session belongs to if the run is its first; null for nobody, as in
  ///     journals from before sessions had owners
  public record Caller(
      @Nullable String spanId, String correlationId, boolean choseId, @Nullable String user) {}

  public static RunSpec of(
      String runId, String sessionId, RunRequest request, Instant createdAt, Trace trace) {
    return new RunSpec(
        runId,
        sessionId,
        request.question(),
        request.numQuestions(),
        request.submission(),
        request.workflow(),
        request.input(),
        createdAt,
        trace,
        new Caller(null, runId, request.runId() != null, null),
        request.meta() == null ? null : request.meta().replaces());
  }

  /// @param correlationId null when the caller does not say
  /// @param user null for nobody in particular
  public RunSpec calledBy(
      @Nullable String spanId, @Nullable String correlationId, @Nullable String user) {
    return new RunSpec(
        runId,
        sessionId,
        question,
        numQuestions,
        submission,
        workflow,
        input,
        createdAt,
        trace,
        new Caller(spanId, correlationId == null ? runId : correlationId, caller.choseId(), user),
        replaces);
  }

  public String correlationId() {
    return caller.correlationId();
  }

  /// Under what the run's id is claimed, so that no other session has it: each user has ids of
  /// their own.
  public String claim() {
    return claim(caller.user(), runId);
  }

  /// The same of a run that may not be there: a key like those of requests, whose digests have no
  /// colon.
  ///
  /// @param user whose run it is; null for nobody's
  public static String claim(@Nullable String user, String runId) {
    return user == null
        ? CLAIM + runId
        : CLAIM + Fingerprint.of(user).substring(0, 24) + ":" + runId;
  }

  static boolean isClaim(String key) {
    return key.startsWith(CLAIM);
  }

  /// What the run is called among those of other sessions on its node.
  public String place() {
    return place(sessionId, runId);
  }

  public static String place(String sessionId, String runId) {
    return sessionId + "/" + runId;
  }

  /// A call's name for its tool, which may tell calls apart by it alone.
  public String toolsName(String callId) {
    return caller.user() == null || !caller.choseId()
        ? callId
        : callId + "." + Fingerprint.of(caller.user()).substring(0, 12);
  }

  /// The id of the run's event number `n`. An id that the caller chose may be too long for that,
  /// and may be used again after its session was deleted, while a room still knows the old events;
  /// so it is hashed together with the time.
  String eventId(int number) {
    String prefix =
        caller.choseId()
            ? Fingerprint.of(sessionId + " " + runId + " " + createdAt).substring(0, 32)
            : runId;
    return prefix + "." + number;
  }

  /// The run's span in the trace, derived from the run's id, so that it is always the same.
  public String spanId() {
    return Fingerprint.of(runId).substring(0, 16);
  }

  /// `traceparent` of the run.
  public String traceparent() {
    return trace.traceparent(spanId());
  }
}
