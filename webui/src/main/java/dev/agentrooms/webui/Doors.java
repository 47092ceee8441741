package dev.agentrooms.webui;

import dev.agentrooms.http.AllowedHosts;
import dev.agentrooms.http.Origins;
import dev.agentrooms.webui.room.Rooms;
import dev.agentrooms.webui.watch.OpenSockets;
import dev.agentrooms.webui.watch.RoomDoor;
import java.net.URI;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;

/// What routes beside the native ones are made with: the same agent and the same rooms.
///
/// @param origins whose pages may call them
/// @param open where streams are registered, so that a stopping server ends them
/// @param publicUrl what the web UI calls itself; null for what the request calls it
public record Doors(
    AllowedHosts hosts,
    RoomDoor door,
    Origins origins,
    Agent agent,
    Rooms rooms,
    OpenSockets open,
    @Nullable URI publicUrl) {

  /// The agent's HTTP API.
  public interface Agent {
    /// @param request its path is the agent's; the body is given apart
    /// @return the answer with its whole body, or a 502 problem
    CompletionStage<HttpResponse> ask(HttpRequest request, byte[] body);
  }

  /// Routes of another module, beside the native ones.
  public interface More {
    Route routes(Doors doors);
  }
}
