package dev.agentrooms.webui.streams;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.store.StreamInfo;
import dev.agentrooms.store.StreamPage;
import java.io.ByteArrayOutputStream;
import java.util.Base64;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/// A page of a stream as Server-Sent Events: `data` with the messages, if there are any, and
/// `control` with the place behind them.
final class EventText {

  static final ByteString COMMENT = ByteString.fromString(":\n\n");

  private static final byte[] DATA = "data:".getBytes(US_ASCII);

  private EventText() {}

  /// Whether the messages are sent as they are, and not in Base64.
  static boolean isText(String contentType) {
    return StreamInfo.isJson(contentType) || StreamInfo.mediaType(contentType).startsWith("text/");
  }

  /// @param cursor for a reader that comes back
  static ByteString of(StreamPage.Found page, String cursor) {
    ByteString control = control(page, cursor);
    if (page.messages().isEmpty()) {
      return control;
    }
    StreamInfo stream = page.stream();
    byte[] body = Messages.joined(stream.isJson(), page.messages()).toArrayUnsafe();
    byte[] shown = isText(stream.contentType()) ? body : Base64.getEncoder().encode(body);
    return data(shown).concat(control);
  }

  // A line break in a message would end the line, and two the event.
  private static ByteString data(byte[] body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(body.length + 32);
    out.writeBytes("event: data\n".getBytes(US_ASCII));
    int begin = 0;
    for (int i = 0; i < body.length; i++) {
      if (body[i] == '\n' || body[i] == '\r') {
        line(out, body, begin, i);
        if (body[i] == '\r' && i + 1 < body.length && body[i + 1] == '\n') {
          i++;
        }
        begin = i + 1;
      }
    }
    line(out, body, begin, body.length);
    out.write('\n');
    return ByteString.fromArrayUnsafe(out.toByteArray());
  }

  private static void line(ByteArrayOutputStream out, byte[] body, int begin, int end) {
    out.writeBytes(DATA);
    if (begin < end && body[begin] == ' ') {
      // The reader takes the first blank away.
      out.write(' ');
    }
    out.write(body, begin, end - begin);
    out.write('\n');
  }

  private static ByteString control(StreamPage.Found page, String cursor) {
    StreamInfo stream = page.stream();
    boolean isEnd = stream.isClosed() && page.isAtTail();
    ObjectNode fields = Json.object();
    fields.put("streamNextOffset", Offset.text(stream.epoch(), page.last()));
    if (!isEnd) {
      fields.put("streamCursor", cursor);
    }
    if (page.isAtTail()) {
      fields.put("upToDate", true);
    }
    if (isEnd) {
      fields.put("streamClosed", true);
    }
    return ByteString.fromArrayUnsafe(
        ("event: control\ndata:" + new String(Json.encode(fields), UTF_8) + "\n\n")
            .getBytes(UTF_8));
  }

  static @Nullable String encoding(String contentType) {
    return isText(contentType) ? null : "base64";
  }
}
