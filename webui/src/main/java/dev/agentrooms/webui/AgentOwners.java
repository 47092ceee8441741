package dev.agentrooms.webui;

import dev.agentrooms.http.access.Rules.Standing;
import dev.agentrooms.http.access.Visit;
import dev.agentrooms.webui.watch.RoomDoor;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/// Asks the agent whose sessions are: a session that it shows to a user is theirs.
record AgentOwners(AgentProxy agent) implements RoomDoor.Owners {

  private static final byte[] NOTHING = new byte[0];

  @Override
  public CompletionStage<Standing> standing(Visit visit, String sessionId) {
    HttpRequest request =
        HttpRequest.GET("/api/agent/sessions/" + sessionId).addAttribute(Visit.KEY, visit);
    return agent
        .pass(request, NOTHING)
        .thenApply(
            answer ->
                switch (answer.status().intValue()) {
                  case 200 -> Standing.OWN;
                  // 401: its token has expired on the way there.
                  case 401, 403, 404 -> Standing.NOT_THEIRS;
                  default -> Standing.NOT_KNOWN;
                });
  }
}
