package dev.agentrooms.agent;

import dev.agentrooms.agent.session.SessionReply;
import dev.agentrooms.http.Problems;
import dev.agentrooms.protocol.AnswerAck;
import dev.agentrooms.protocol.CancelAnswer;
import dev.agentrooms.protocol.Decision;
import dev.agentrooms.protocol.InvalidField;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.Problem;
import dev.agentrooms.protocol.RunAccepted;
import dev.agentrooms.protocol.RunEvents;
import dev.agentrooms.protocol.RunStatus;
import dev.agentrooms.protocol.RunView;
import dev.agentrooms.protocol.SessionPage;
import dev.agentrooms.store.StoreFailure;
import java.util.Objects;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.jspecify.annotations.Nullable;

/// A session's replies as HTTP answers: the one place where one gets its status.
final class SessionAnswers {

  private SessionAnswers() {}

  /// A page of the list, or why there is none.
  static HttpResponse page(@Nullable SessionPage page, @Nullable Throwable failure) {
    return page != null
        ? json(200, page)
        : of("", Refusals.of(StoreFailure.of(Objects.requireNonNull(failure))));
  }

  static HttpResponse of(String sessionId, SessionReply reply) {
    return switch (reply) {
      case SessionReply.Accepted(String runId, String status) ->
          json(202, new RunAccepted(sessionId, runId, status))
              .addHeader(RawHeader.create("Location", RunView.path(sessionId, runId)));
      case SessionReply.OneRun(var view) -> json(200, view);
      case SessionReply.Session(var view, var _) -> json(200, view);
      case SessionReply.Events(var page) -> json(200, page);
      case SessionReply.Messages(var page) -> json(200, page);
      case SessionReply.Following(var events, var _) -> json(200, new RunEvents(events, null));
      case SessionReply.Opened(boolean isNew) ->
          json(isNew ? 201 : 200, Json.object().put("session_id", sessionId));
      case SessionReply.Named(var title) ->
          json(200, Json.object().put("session_id", sessionId).put("title", title));
      case SessionReply.Deleted deleted -> HttpResponse.create().withStatus(StatusCodes.NO_CONTENT);
      case SessionReply.NotStored(boolean full) ->
          full ? Problems.storeFull() : Problems.storeUnavailable();
      case SessionReply.Broken broken -> Problems.internal();
      case SessionReply.Cancelling(String runId) ->
          json(202, new CancelAnswer(sessionId, runId, RunStatus.CANCELLING));
      case SessionReply.Cancelled(String runId) ->
          json(200, new CancelAnswer(sessionId, runId, RunStatus.CANCELLED));
      case SessionReply.Unanswered(String runId) ->
          Problems.unavailable(
              Problem.of(
                      503,
                      "Not available",
                      "The session did not answer in time, and the run may have started all the"
                          + " same. The same request with the same run_id or Idempotency-Key"
                          + " tells, and starts nothing twice.")
                  .with("session_id", sessionId)
                  .with("run_id", runId)
                  .with("may_have_started", true));
      case SessionReply.Busy(String runId, boolean isWaiting) ->
          refusal(
              409,
              "Session is busy",
              "Run "
                  + runId
                  + (isWaiting ? " waits for a person's answer." : " has not ended.")
                  + " Say on_busy: enqueue or interrupt, or wait.",
              sessionId);
      case SessionReply.NothingToCancel(String detail) ->
          refusal(409, "Nothing to cancel", detail, sessionId);
      case SessionReply.Answered(String runId, String inputId, boolean already) ->
          already
              ? json(200, new AnswerAck(runId, inputId, "already"))
              : json(202, new AnswerAck(runId, inputId, "accepted"));
      case SessionReply.AnsweredOtherwise(String inputId, Decision decision) ->
          Problems.response(
              problem(
                      409,
                      "Answered already",
                      "Another answer to " + inputId + " counts: " + decision.word() + ".",
                      sessionId)
                  .with("decision", decision.word()));
      case SessionReply.NotAnswerable(String detail) ->
          refusal(409, "Too late to answer", detail, sessionId);
      case SessionReply.UnknownInput(String runId, String inputId) ->
          refusal(
              404,
              "Unknown input",
              "Run " + runId + " has not asked for an input " + inputId + ".",
              sessionId);
      case SessionReply.InvalidAnswer(String field, String detail) ->
          Problems.invalid(new InvalidField(field, detail));
      case SessionReply.KeyReused reused ->
          refusal(
              422,
              "Idempotency key reused",
              "This run_id or Idempotency-Key came with another body before.",
              sessionId);
      case SessionReply.RunIdTaken(String runId) ->
          Problems.response(
              problem(409, "Run id taken", "Another session has a run " + runId + ".", sessionId)
                  .with("run_id", runId));
      case SessionReply.QueueFull(boolean ofOne) ->
          busy(
              ofOne ? "Too many runs of yours wait already." : "Too many runs wait already.",
              sessionId);
      case SessionReply.TooManyKeys tooMany ->
          busy(
              "The session remembers as many idempotency keys, and chosen run_ids, as it can.",
              sessionId);
      case SessionReply.UnknownSession unknown ->
          refusal(404, "Unknown session", "There is no session " + sessionId + ".", sessionId);
      case SessionReply.UnknownRun(String runId) ->
          refusal(404, "Unknown run", "The session has no run " + runId + ".", sessionId);
    };
  }

  private static HttpResponse busy(String detail, String sessionId) {
    return refusal(429, "Too many requests", detail, sessionId)
        .addHeader(RawHeader.create("Retry-After", "2"));
  }

  private static HttpResponse refusal(int status, String title, String detail, String sessionId) {
    return Problems.response(problem(status, title, detail, sessionId));
  }

  private static Problem problem(int status, String title, String detail, String sessionId) {
    return Problem.of(status, title, detail).with("session_id", sessionId);
  }

  private static HttpResponse json(int status, Object value) {
    return HttpResponse.create()
        .withStatus(StatusCodes.get(status))
        .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, Json.encode(value)));
  }
}
