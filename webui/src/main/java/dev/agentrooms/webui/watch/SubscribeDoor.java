package dev.agentrooms.webui.watch;

import dev.agentrooms.http.access.Audit;
import dev.agentrooms.http.access.Scope;
import dev.agentrooms.http.access.Verdict;
import dev.agentrooms.http.access.Visit;
import dev.agentrooms.protocol.ClientCommand;
import java.net.InetAddress;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Whether a socket may sit in a room: by the token of its command or, without one, as who opened
/// it.
///
/// @param opener who opened the socket
/// @param from the peer's address; null when it is not known
record SubscribeDoor(RoomDoor door, Visit opener, @Nullable InetAddress from) {

  CompletionStage<Verdict> admit(ClientCommand.Subscribe command) {
    String sessionId = command.sessionId();
    return door.access()
        .identify(command.token(), opener)
        .thenCompose(
            visit ->
                door.admit(visit, Scope.WATCH, sessionId)
                    .thenApply(
                        verdict -> {
                          if (!door.access().isOpen()) {
                            Audit.subscribed(visit, from, sessionId, verdict, door.access());
                          }
                          return verdict;
                        }));
  }
}
