package dev.agentrooms.webui.watch;

import dev.agentrooms.http.Problems;
import dev.agentrooms.protocol.Problem;
import dev.agentrooms.webui.room.Refused;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/// What rooms refuse, as HTTP answers.
public final class Refusals {

  private Refusals() {}

  public static HttpResponse response(Refused why, String sessionId) {
    return switch (why) {
      case TOO_MANY_EMPTY ->
          Problems.response(
                  Problem.of(
                          503,
                          "Not available",
                          "Too many rooms without an event are watched already.")
                      .with("session_id", sessionId))
              .addHeader(RawHeader.create("Retry-After", "5"));
      case STORE_UNAVAILABLE -> Problems.storeUnavailable();
      case STORE_FULL -> Problems.storeFull();
      case UNANSWERED ->
          Problems.unavailable(
              "The room did not answer. What was asked for may be done all the same; asking again"
                  + " is safe.");
    };
  }
}
