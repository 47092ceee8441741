package dev.agentrooms.http;

import org.apache.pekko.http.javadsl.model.AttributeKey;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Graph;
import org.apache.pekko.util.ByteString;

/// A WebSocket to which a connection switches when the answer that carries this has been sent.
///
/// @param socket takes the client's frames, and gives bytes: whole frames, rendered already
/// @param deflates whether permessage-deflate was agreed on, without context takeover
/// @param maxMessageBytes the longest message of the client, decompressed; a longer one is a
///     violation with code 1009
public record Upgrade(
    Graph<FlowShape<Frame, ByteString>, ?> socket, boolean deflates, int maxMessageBytes) {

  /// How the answer carries it to the edge.
  public static final AttributeKey<Upgrade> KEY = AttributeKey.create("upgrade", Upgrade.class);

  /// The 101, to which the handshake's own headers have to be added.
  public HttpResponse response() {
    return HttpResponse.create()
        .withStatus(StatusCodes.SWITCHING_PROTOCOLS)
        .addAttribute(KEY, this);
  }
}
