package dev.agentrooms.webui;

import dev.agentrooms.http.AllowedHosts;
import dev.agentrooms.http.Express;
import dev.agentrooms.http.PlainRequest;
import dev.agentrooms.protocol.InvalidField;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.MalformedJson;
import dev.agentrooms.protocol.ProgressEvent;
import java.util.List;
import java.util.function.Consumer;

/// Progress that an agent sends as agents do: taken in at once. [WebUiRoutes] says everything else
/// that there is to say.
final class ExpressProgress implements Express {

  private final Rooms rooms;
  private final InternalToken token;
  private final AllowedHosts hosts;

  ExpressProgress(Rooms rooms, InternalToken token, AllowedHosts hosts) {
    this.rooms = rooms;
    this.token = token;
    this.hosts = hosts;
  }

  @Override
  public String request() {
    return "POST /api/agent/progress";
  }

  @Override
  public boolean answer(PlainRequest request, Consumer<Object> answer) {
    String host = request.headers().getOrDefault("host", "");
    if (hosts.judge(List.of(host)) != AllowedHosts.Verdict.ALLOWED
        || !token.isGranted(request.headers().get("x-internal-token"))) {
      return false;
    }
    try {
      rooms.publish(ProgressEvent.from(Json.parseObject(request.body())), answer::accept);
      return true;
    } catch (InvalidField | MalformedJson e) {
      return false;
    }
  }
}
