package dev.agentrooms.agent;

import dev.agentrooms.http.Problems;
import dev.agentrooms.http.access.Caller;
import dev.agentrooms.http.access.Tokens;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.Problem;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.jspecify.annotations.Nullable;

/// Makes links to sessions, for sharing. The token stands behind `#`, which browsers send to no
/// server, so that it is in no log.
///
/// @param page what links begin with
record Links(Tokens tokens, String page) {

  /// @param owner the user whom the session belongs to; null for nobody. The link opens that user's
  ///     session, whoever makes it, and no later session with the same id
  HttpResponse answer(Caller caller, LinkRequest request, @Nullable String owner) {
    if (!tokens.canMake()) {
      return Problems.response(
          Problem.of(
              409, "No links", "Without access.secret this server cannot make links to sessions."));
    }
    // `exp` is in whole seconds.
    Instant until =
        tokens.now().plus(request.ttl()).plusMillis(999).truncatedTo(ChronoUnit.SECONDS);
    if (caller instanceof Caller.Link link && link.until().isBefore(until)) {
      until = link.until();
    }
    String token =
        tokens.link(
            new Caller.Link(
                request.sessionId(),
                request.scope(),
                caller.owner(),
                caller.limitedTo() == null ? owner : caller.limitedTo(),
                until));
    return HttpResponse.create()
        .withStatus(StatusCodes.CREATED)
        .withEntity(
            HttpEntities.create(
                ContentTypes.APPLICATION_JSON,
                Json.encode(
                    Json.object()
                        .put("token", token)
                        .put("url", page + "/?session=" + request.sessionId() + "#token=" + token)
                        .put("expires_at", until.toString()))));
  }
}
