package dev.agentrooms.webui;

import dev.agentrooms.http.AllowedHosts;
import dev.agentrooms.http.Express;
import dev.agentrooms.protocol.Delivery;
import dev.agentrooms.protocol.InvalidField;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.MalformedJson;
import dev.agentrooms.protocol.ProgressAck;
import dev.agentrooms.protocol.ProgressEvent;
import dev.agentrooms.webui.room.Published;
import dev.agentrooms.webui.room.Refused;
import dev.agentrooms.webui.room.Rooms;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The fast path for `POST /api/agent/progress` in its usual form. Everything else goes to
/// [WebUiRoutes].
final class ExpressProgress implements Express {

  private static final Set<String> JSON =
      Set.of("application/json", "application/json; charset=utf-8");

  private final Rooms rooms;
  private final InternalToken token;
  private final AllowedHosts hosts;
  private final PushedRooms pushed;

  ExpressProgress(Rooms rooms, InternalToken token, AllowedHosts hosts, PushedRooms pushed) {
    this.rooms = rooms;
    this.token = token;
    this.hosts = hosts;
    this.pushed = pushed;
  }

  @Override
  public boolean isFor(String method, String path) {
    return method.equals("POST") && path.equals("/api/agent/progress");
  }

  @Override
  public boolean answer(
      Function<String, @Nullable String> headers, byte[] body, Consumer<Object> answer) {
    String host = headers.apply("host");
    String type = headers.apply("content-type");
    String delivery = headers.apply("x-delivery");
    if (host == null
        || type == null
        || !JSON.contains(type)
        || hosts.judge(List.of(host)) != AllowedHosts.Verdict.ALLOWED
        || !token.isGranted(headers.apply("x-internal-token"))) {
      return false;
    }
    try {
      ProgressEvent event = ProgressEvent.from(Json.parseObject(body));
      rooms.publish(
          event,
          delivery == null ? null : Delivery.parse(delivery),
          published ->
              answer.accept(
                  switch (published) {
                    case Published.Taken(ProgressAck ack) -> {
                      if (delivery == null) {
                        pushed.saw(event, ack);
                      }
                      yield ack;
                    }
                    case Published.OutOfTurn _ -> TO_ROUTES;
                    case Refused _ -> TO_ROUTES;
                  }));
      return true;
    } catch (InvalidField | MalformedJson e) {
      return false;
    }
  }
}
