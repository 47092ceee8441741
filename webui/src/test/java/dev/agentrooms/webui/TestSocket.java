package dev.agentrooms.webui;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.protocol.Json;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.util.ByteString;

/// A WebSocket client that reads only when it is asked to, and sends whatever it is told.
public final class TestSocket implements AutoCloseable {

  public static final int TEXT = 0x81;
  public static final int CLOSE = 0x88;
  public static final int PING = 0x89;
  public static final int PONG = 0x8a;

  /// A frame of the server, or the end of the connection.
  ///
  /// @param start the frame's first byte; 0 at the end
  public record Received(int start, byte[] payload) {

    String text() {
      return new String(payload, UTF_8);
    }

    /// `4008 lagged` and the like.
    public String closing() {
      assertThat(start).as("close, not %s", text()).isEqualTo(CLOSE);
      return payload.length == 0
          ? "no code"
          : (ByteBuffer.wrap(payload).getChar() + 0)
              + " "
              + new String(payload, 2, payload.length - 2, UTF_8);
    }
  }

  private final Socket socket;
  private final DataInputStream in;
  private final String head;

  private TestSocket(Socket socket, DataInputStream in, String head) {
    this.socket = socket;
    this.in = in;
    this.head = head;
  }

  public static TestSocket open(InetSocketAddress address, String... headers) throws IOException {
    var opened = handshake(address, headers);
    assertThat(opened.head).startsWith("HTTP/1.1 101 ");
    return opened;
  }

  /// Opens a socket if the server will have it; [#head] tells.
  public static TestSocket handshake(InetSocketAddress address, String... headers)
      throws IOException {
    var lines = new ArrayList<String>();
    lines.add("GET /ws HTTP/1.1");
    lines.add("Host: localhost:" + address.getPort());
    lines.add("Connection: Upgrade");
    lines.add("Upgrade: websocket");
    lines.add("Sec-WebSocket-Version: 13");
    lines.add("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
    lines.addAll(List.of(headers));
    return request(address, lines);
  }

  public static TestSocket request(InetSocketAddress address, List<String> lines)
      throws IOException {
    var socket = new Socket();
    // Little, so that a reader which does not read is soon noticed.
    socket.setReceiveBufferSize(16 * 1024);
    socket.connect(address);
    socket.setSoTimeout(60_000);
    socket.setTcpNoDelay(true);
    socket.getOutputStream().write((String.join("\r\n", lines) + "\r\n\r\n").getBytes(UTF_8));
    var in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.readUnsignedByte());
    }
    return new TestSocket(socket, in, head.toString());
  }

  /// The answer's head.
  public String head() {
    return head;
  }

  public void send(ByteString bytes) throws IOException {
    socket.getOutputStream().write(bytes.toArray());
  }

  /// Sends a command, written with `'` for `"`.
  public void say(String json) throws IOException {
    send(ClientFrames.text(json.replace('\'', '"')));
  }

  /// Sends a command and gives the next message.
  public JsonNode ask(String json) throws IOException {
    say(json);
    return message();
  }

  public JsonNode subscribe(String sessionId) throws IOException {
    return ask("{'cmd':'subscribe','session_id':'" + sessionId + "'}");
  }

  public JsonNode resume(String sessionId, long after, String epoch) throws IOException {
    return ask(
        "{'cmd':'subscribe','session_id':'%s','after':%d,'epoch':'%s'}"
            .formatted(sessionId, after, epoch));
  }

  /// The next frame, whatever it is.
  public Received frame() throws IOException {
    try {
      int start = in.readUnsignedByte();
      int length = in.readUnsignedByte();
      if (length == 126) {
        length = in.readUnsignedShort();
      } else if (length == 127) {
        length = Math.toIntExact(in.readLong());
      }
      var payload = new byte[length];
      in.readFully(payload);
      return new Received(start, payload);
    } catch (EOFException | SocketException e) {
      return new Received(0, new byte[0]);
    }
  }

  /// The next frame that is not a ping.
  public Received next() throws IOException {
    var frame = frame();
    while (frame.start() == PING) {
      frame = frame();
    }
    return frame;
  }

  public JsonNode message() throws IOException {
    var frame = next();
    assertThat(frame.start())
        .as("a message, not 0x%x %s", frame.start(), frame.text())
        .isEqualTo(TEXT);
    return Json.parse(frame.payload());
  }

  /// The `seq` of the next message, which must be an event.
  public long seq() throws IOException {
    var message = message();
    assertThat(message.path("type").textValue()).as("%s", message).isEqualTo("progress");
    return message.path("seq").longValue();
  }

  public List<Long> seqs(int count) throws IOException {
    var seqs = new ArrayList<Long>();
    for (int i = 0; i < count; i++) {
      seqs.add(seq());
    }
    return seqs;
  }

  /// Nothing was sent before the answer to this.
  public void assertNothingWaits() throws IOException {
    assertThat(ask("{'cmd':'ping'}").toString()).isEqualTo("{\"type\":\"pong\"}");
  }

  /// The connection ends, and nothing comes before.
  public void assertEnded() throws IOException {
    assertThat(next()).extracting(Received::start).isEqualTo(0);
  }

  /// Sends no more.
  public void shutdownOutput() throws IOException {
    socket.shutdownOutput();
  }

  /// Ends the connection as a broken network does.
  public void abort() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
