package dev.agentrooms.http;

import org.apache.pekko.http.javadsl.model.AttributeKey;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Graph;
import org.apache.pekko.util.ByteString;

/// The WebSocket that a connection switches to after its 101 response.
///
/// @param socket consumes the client's frames and emits encoded frames
/// @param deflates whether permessage-deflate was negotiated, always without context takeover
/// @param maxMessageBytes the largest decompressed message of a client; a larger one closes the
///     socket with 1009
public record Upgrade(
    Graph<FlowShape<Frame, ByteString>, ?> socket, boolean deflates, int maxMessageBytes) {

  /// The response attribute that carries it to the edge.
  public static final AttributeKey<Upgrade> KEY = AttributeKey.create("upgrade", Upgrade.class);

  /// The 101 response, without the headers of the handshake.
  public HttpResponse response() {
    return HttpResponse.create()
        .withStatus(StatusCodes.SWITCHING_PROTOCOLS)
        .addAttribute(KEY, this);
  }
}
