package dev.agentrooms.webui.watch;

import dev.agentrooms.http.Problems;
import dev.agentrooms.protocol.Problem;
import dev.agentrooms.webui.room.Refused;
import java.util.Map;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/// What rooms refuse, as HTTP answers.
public final class Refusals {

  private static final String TITLE = "Not available";

  private Refusals() {}

  public static HttpResponse response(Refused why, String sessionId) {
    return switch (why) {
      case TOO_MANY_EMPTY ->
          retry(
              5,
              Problem.of(503, TITLE, "Too many rooms without an event are watched already.")
                  .with("session_id", sessionId));
      case STORE_UNAVAILABLE ->
          retry(
              2,
              new Problem(
                  "urn:agent-rooms:problem:store-unavailable",
                  TITLE,
                  503,
                  "The store does not answer. Asking again is safe.",
                  Map.of("session_id", sessionId)));
      case STORE_FULL ->
          retry(
              2,
              new Problem(
                  "urn:agent-rooms:problem:store-full",
                  TITLE,
                  503,
                  "There is no room left where events are stored. Asking again is safe.",
                  Map.of("session_id", sessionId)));
      case UNANSWERED ->
          Problems.unavailable(
              "The room did not answer. What was asked for may be done all the same; asking again"
                  + " is safe.");
    };
  }

  private static HttpResponse retry(int seconds, Problem problem) {
    return Problems.response(problem)
        .addHeader(RawHeader.create("Retry-After", Integer.toString(seconds)));
  }
}
