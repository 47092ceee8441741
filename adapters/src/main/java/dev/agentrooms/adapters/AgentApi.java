package dev.agentrooms.adapters;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.adapters.Happening.Told;
import dev.agentrooms.http.IdempotencyKey;
import dev.agentrooms.http.access.Visit;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.MalformedJson;
import dev.agentrooms.protocol.RunView;
import dev.agentrooms.protocol.StepWords;
import dev.agentrooms.webui.Doors;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpMethod;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.jspecify.annotations.Nullable;

/// The native API, as adapters call it: the agent's answers as JSON.
public final class AgentApi {

  private static final byte[] NOTHING = new byte[0];
  private static final int EVENTS_AT_ONCE = 1000;
  private static final int MESSAGES_AT_ONCE = 200;

  private final Doors.Agent agent;
  private final @Nullable Visit visit;

  /// Calls the agent as the caller whose request this thread is serving ([AsCaller]).
  public AgentApi(Doors.Agent agent) {
    this(agent, null);
  }

  private AgentApi(Doors.Agent agent, @Nullable Visit visit) {
    this.agent = agent;
    this.visit = visit;
  }

  /// The same API bound to the caller whose request this thread is serving now, for use on any
  /// other thread.
  public AgentApi bound() {
    return visit == null ? new AgentApi(agent, AsCaller.current()) : this;
  }

  /// `POST /api/agent/run`.
  ///
  /// @param run as the native API takes it
  /// @param key the caller's `Idempotency-Key`; null for none
  /// @param waitSeconds how long to wait for the run's end; 0 for not at all
  public CompletionStage<Answer> start(ObjectNode run, @Nullable String key, int waitSeconds) {
    HttpRequest request = request(HttpMethods.POST, "/api/agent/run" + wait(waitSeconds));
    return ask(
        key == null ? request : request.addHeader(RawHeader.create(IdempotencyKey.NAME, key)), run);
  }

  /// `POST /api/agent/cancel`.
  ///
  /// @param runId null for the run that is in flight
  public CompletionStage<Answer> cancel(String sessionId, @Nullable String runId, int waitSeconds) {
    ObjectNode body = Json.object().put("session_id", sessionId);
    if (runId != null) {
      body.put("run_id", runId);
    }
    return ask(request(HttpMethods.POST, "/api/agent/cancel" + wait(waitSeconds)), body);
  }

  /// `POST /api/agent/answer`: what a person says to a run that waits.
  public CompletionStage<Answer> answer(ObjectNode body) {
    return ask(request(HttpMethods.POST, "/api/agent/answer"), body);
  }

  public CompletionStage<Answer> session(String sessionId) {
    return get("/api/agent/sessions/" + sessionId);
  }

  /// Makes the session, unless it exists: 201 when it is new.
  public CompletionStage<Answer> open(String sessionId) {
    return ask(request(HttpMethods.PUT, "/api/agent/sessions/" + sessionId), null);
  }

  public CompletionStage<Answer> sessions(int limit, @Nullable String after) {
    return get(
        "/api/agent/sessions?limit="
            + limit
            + (after == null ? "" : "&after=" + URLEncoder.encode(after, StandardCharsets.UTF_8)));
  }

  public CompletionStage<Answer> delete(String sessionId) {
    return ask(request(HttpMethods.DELETE, "/api/agent/sessions/" + sessionId), null);
  }

  public CompletionStage<Answer> run(String sessionId, String runId) {
    return get(RunView.path(sessionId, runId));
  }

  /// The session as a conversation, its first page being the oldest messages.
  public CompletionStage<Answer> messages(String sessionId, int limit, @Nullable String after) {
    return get(
        "/api/agent/sessions/"
            + sessionId
            + "/messages?limit="
            + limit
            + (after == null ? "" : "&after=" + URLEncoder.encode(after, StandardCharsets.UTF_8)));
  }

  /// The session's messages up to the question of a run, oldest first; without one, all.
  public CompletionStage<List<JsonNode>> conversation(String sessionId, @Nullable String runId) {
    return conversation(sessionId, runId, null, new ArrayList<>());
  }

  private CompletionStage<List<JsonNode>> conversation(
      String sessionId, @Nullable String runId, @Nullable String after, List<JsonNode> found) {
    return messages(sessionId, MESSAGES_AT_ONCE, after)
        .thenCompose(
            answer -> {
              JsonNode page = answer.found();
              if (page == null) {
                return CompletableFuture.completedFuture(found);
              }
              for (JsonNode message : page.path("messages")) {
                found.add(message);
                if (message.path("run_id").asText().equals(runId)) {
                  return CompletableFuture.completedFuture(found);
                }
              }
              return page.path("next").isTextual()
                  ? conversation(sessionId, runId, page.path("next").textValue(), found)
                  : CompletableFuture.completedFuture(found);
            });
  }

  /// The run in flight or else the one that ended last; empty for a session that has none.
  ///
  /// @param session its resource
  public static String newestRun(JsonNode session) {
    return session
        .path("run")
        .path("run_id")
        .asText(session.path("last_run").path("run_id").asText());
  }

  /// Whether it is a question to a person that nobody has answered yet.
  public CompletionStage<Boolean> isStillAsked(
      String sessionId, String runId, Happening happening) {
    return happening instanceof Told told && told.step().equals(StepWords.INPUT_REQUIRED)
        ? run(sessionId, runId)
            .thenApply(
                answer -> {
                  JsonNode run = answer.found();
                  return run != null
                      && run.at("/waiting_for/input_id").equals(told.meta().path("input_id"));
                })
        : CompletableFuture.completedFuture(false);
  }

  public CompletionStage<Answer> workflows() {
    return get("/api/agent/workflows");
  }

  /// All events that a run has told so far, oldest first; none of a run that is not there.
  public CompletionStage<List<ObjectNode>> events(String sessionId, String runId) {
    return events(RunView.path(sessionId, runId) + "/events", 0, new ArrayList<>());
  }

  private CompletionStage<List<ObjectNode>> events(
      String path, long after, List<ObjectNode> found) {
    return get(path + "?after=" + after + "&limit=" + EVENTS_AT_ONCE)
        .thenCompose(
            answer -> {
              JsonNode page = answer.found();
              if (page == null) {
                return CompletableFuture.completedFuture(found);
              }
              page.path("events").forEach(event -> found.add((ObjectNode) event));
              JsonNode next = page.path("next");
              return next.isNumber()
                  ? events(path, next.asLong(), found)
                  : CompletableFuture.completedFuture(found);
            });
  }

  private static String wait(int seconds) {
    return seconds == 0 ? "" : "?wait=" + seconds;
  }

  private CompletionStage<Answer> get(String path) {
    return ask(request(HttpMethods.GET, path), null);
  }

  private static HttpRequest request(HttpMethod method, String path) {
    return HttpRequest.create(path).withMethod(method);
  }

  private CompletionStage<Answer> ask(HttpRequest request, @Nullable ObjectNode body) {
    byte[] bytes = body == null ? NOTHING : Json.encode(body);
    HttpRequest typed =
        body == null
            ? request
            : request.withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, bytes));
    Visit caller = visit == null ? AsCaller.current() : visit;
    HttpRequest whole = caller == null ? typed : typed.addAttribute(Visit.KEY, caller);
    CompletableFuture<Answer> answered = new CompletableFuture<>();
    // What comes of the answer is still the caller's.
    agent
        .ask(whole, bytes)
        .thenApply(AgentApi::answer)
        .whenComplete(
            (answer, failure) ->
                AsCaller.during(
                    caller,
                    () ->
                        failure == null
                            ? answered.complete(answer)
                            : answered.completeExceptionally(failure)));
    return answered;
  }

  private static Answer answer(HttpResponse response) {
    int status = response.status().intValue();
    JsonNode body = body(response);
    if (status < 300) {
      return new Answer.Done(status, body);
    }
    ObjectNode problem = body instanceof ObjectNode object ? object : Json.object();
    String detail = problem.path("detail").asText("The agent refused.");
    return new Answer.Refused(
        new Refusal(
            status,
            problem.path("title").asText("Refused"),
            detail,
            problem.path("field").asText(""),
            new Refusal.Headers(header(response, "Retry-After"), null, null),
            problem));
  }

  private static @Nullable String header(HttpResponse response, String name) {
    return response.getHeader(name).map(HttpHeader::value).orElse(null);
  }

  private static JsonNode body(HttpResponse response) {
    try {
      return response.entity() instanceof HttpEntity.Strict whole && whole.getData().nonEmpty()
          ? Json.parseAnswer(whole.getData().toArray())
          : Json.object();
    } catch (MalformedJson e) {
      return Json.object();
    }
  }
}
