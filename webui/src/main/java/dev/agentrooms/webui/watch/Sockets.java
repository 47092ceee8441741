package dev.agentrooms.webui.watch;

import dev.agentrooms.http.Frame;
import dev.agentrooms.http.Origins;
import dev.agentrooms.http.Problems;
import dev.agentrooms.protocol.Problem;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Graph;
import org.apache.pekko.util.ByteString;

/// Takes WebSockets over for those who speak a protocol of their own on them.
public final class Sockets {

  private Sockets() {}

  /// The 101, or why there is none. The socket is not compressed.
  ///
  /// @param socket takes the peer's frames, and gives rendered ones
  public static HttpResponse accept(
      HttpRequest request, Origins origins, Graph<FlowShape<Frame, ByteString>, ?> socket) {
    return switch (Handshake.of(request)) {
      case Handshake.Refused(int status, String detail, var headers) ->
          Problems.response(
                  Problem.of(status, status == 426 ? "Upgrade required" : "Bad request", detail))
              .addHeaders(headers);
      case Handshake.Accepted(String acceptKey, boolean _) ->
          origins.allows(request)
              ? new Handshake.Accepted(acceptKey, false).response(socket)
              : Problems.response(
                  Problem.of(403, "Forbidden", "This Origin may not open a socket."));
    };
  }
}
