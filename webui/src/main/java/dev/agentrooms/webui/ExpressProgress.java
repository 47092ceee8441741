package dev.agentrooms.webui;

import dev.agentrooms.http.Express;
import dev.agentrooms.http.PlainRequest;
import dev.agentrooms.protocol.InvalidField;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.MalformedJson;
import dev.agentrooms.protocol.ProgressEvent;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Progress that an agent sends as agents do: taken in at once. [WebUiRoutes] says everything else
/// that there is to say.
final class ExpressProgress implements Express {

  private final Rooms rooms;
  private final InternalToken token;

  ExpressProgress(Rooms rooms, InternalToken token) {
    this.rooms = rooms;
    this.token = token;
  }

  @Override
  public String request() {
    return "POST /api/agent/progress";
  }

  @Override
  public @Nullable CompletionStage<?> answer(PlainRequest request) {
    if (!token.isGranted(request.headers().get("x-internal-token"))) {
      return null;
    }
    try {
      return rooms.publish(ProgressEvent.from(Json.parseObject(request.body())));
    } catch (InvalidField | MalformedJson e) {
      return null;
    }
  }
}
