package dev.agentrooms.http.edge;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;

/// A client of HTTP/2 in clear that sends and reads frame by frame.
final class Http2Frames implements AutoCloseable {

  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int RESET = 3;
  static final int GO_AWAY = 7;
  static final int WHOLE = 0x5;
  static final int HEAD = 0x4;

  record Frame(int type, int stream, byte[] payload) {
    String text() {
      return new String(payload, US_ASCII);
    }
  }

  private final Socket socket;
  private final DataInputStream in;

  /// @param window how much of an answer it takes
  Http2Frames(InetSocketAddress address, int window) throws IOException {
    socket = new Socket(address.getAddress(), address.getPort());
    in = new DataInputStream(socket.getInputStream());
    socket.setSoTimeout(60_000);
    socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII));
    byte[] settings = ByteBuffer.allocate(6).putShort((short) 4).putInt(window).array();
    frame(4, 0, 0, settings);
  }

  void get(int stream, String path) throws IOException {
    send(
        HEADERS,
        WHOLE,
        stream,
        List.of(":method", "GET", ":path", path, ":scheme", "http", ":authority", "localhost"));
  }

  void send(int type, int flags, List<String> head) throws IOException {
    send(type, flags, 1, head);
  }

  private void send(int type, int flags, int stream, List<String> head) throws IOException {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    // Literals that are not indexed.
    for (int i = 0; i < head.size(); i += 2) {
      block.write(0);
      for (String text : head.subList(i, i + 2)) {
        block.write(text.length());
        block.writeBytes(text.getBytes(US_ASCII));
      }
    }
    frame(type, flags, stream, block.toByteArray());
  }

  private void frame(int type, int flags, int stream, byte[] payload) throws IOException {
    socket
        .getOutputStream()
        .write(
            ByteBuffer.allocate(9 + payload.length)
                .put((byte) 0)
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array());
  }

  /// The next frame of one of these types.
  Frame next(int... types) throws IOException {
    while (true) {
      int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
      int type = in.readUnsignedByte();
      in.readByte();
      Frame frame = new Frame(type, in.readInt(), in.readNBytes(length));
      for (int each : types) {
        if (each == type) {
          return frame;
        }
      }
    }
  }

  void leave() throws IOException {
    socket.shutdownOutput();
  }

  void readToEnd() throws IOException {
    in.readAllBytes();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
