package dev.agentrooms.webui;

import dev.agentrooms.http.access.Rules.Standing;
import dev.agentrooms.http.access.Visit;
import dev.agentrooms.webui.room.Rooms;
import dev.agentrooms.webui.watch.RoomDoor;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/// Asks the agent whose sessions are: a session that it shows to a user is theirs. And the room,
/// whose events are: those of a session that is gone are its last owner's, until somebody else has
/// its id.
record AgentOwners(AgentProxy agent, Rooms rooms) implements RoomDoor.Owners {

  private static final byte[] NOTHING = new byte[0];

  @Override
  public CompletionStage<Standing> standing(Visit visit, String user, String sessionId) {
    HttpRequest request =
        HttpRequest.GET("/api/agent/sessions/" + sessionId).addAttribute(Visit.KEY, visit);
    return agent
        .pass(request, NOTHING)
        .thenCompose(
            answer ->
                switch (answer.status().intValue()) {
                  case 200 -> ofRoom(user, sessionId, true);
                  case 404 -> ofRoom(user, sessionId, false);
                  // 401: its token has expired on the way there.
                  case 401, 403 -> CompletableFuture.completedFuture(Standing.NOT_THEIRS);
                  default -> CompletableFuture.completedFuture(Standing.NOT_KNOWN);
                });
  }

  private CompletionStage<Standing> ofRoom(String user, String sessionId, boolean isTheirSession) {
    return rooms
        .isOf(user, sessionId, isTheirSession)
        .handle(
            (isTheirs, failure) ->
                isTheirs == null || isTheirs.isEmpty()
                    ? Standing.NOT_KNOWN
                    : isTheirs.get() ? Standing.OWN : Standing.NOT_THEIRS);
  }
}
