package dev.agentrooms.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.protocol.Json;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;

/// A raw connection for sending arbitrary bytes, which an HTTP client could not send, and reading
/// the answers.
final class RawHttp implements AutoCloseable {

  /// @param status 0 when the connection ended without an answer
  record Answer(int status, Map<String, String> headers, byte[] body) {

    static final Answer NONE = new Answer(0, Map.of(), new byte[0]);

    String header(String name) {
      return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }

    String text() {
      return new String(body, ISO_8859_1);
    }

    JsonNode json() {
      return Json.parse(body);
    }
  }

  private static final SSLContext TRUSTING = TestCertificate.trusting();

  private final Socket socket;
  private final InputStream in;
  private String said = "";

  RawHttp(String url) {
    URI uri = URI.create(url);
    try {
      socket =
          uri.getScheme().equals("https")
              ? TRUSTING.getSocketFactory().createSocket(uri.getHost(), uri.getPort())
              : new Socket(uri.getHost(), uri.getPort());
      socket.setSoTimeout((int) Stack.PATIENCE.toMillis());
      socket.setTcpNoDelay(true);
      in = new BufferedInputStream(socket.getInputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Sends `bytes` on a connection of their own.
  static Answer send(String url, byte[] bytes) {
    try (RawHttp connection = new RawHttp(url)) {
      connection.write(bytes);
      return connection.read();
    }
  }

  /// A server that has seen enough may close before all is written: that is no failure.
  void write(byte[] bytes) {
    if (said.length() < 300) {
      said += new String(bytes, 0, Math.min(bytes.length, 300), ISO_8859_1);
    }
    try {
      socket.getOutputStream().write(bytes);
    } catch (IOException closed) {
      // What it had to say is still to be read.
    }
  }

  void write(String text) {
    write(text.getBytes(ISO_8859_1));
  }

  /// Nothing more will be said; the answer can still be read.
  void endOfRequest() {
    try {
      socket.shutdownOutput();
    } catch (IOException closed) {
      // It has been read to its end already.
    }
  }

  /// The next final answer.
  Answer read() {
    Answer answer = readOne();
    return answer.status() == 100 ? read() : answer;
  }

  /// The next answer, which may be an interim one.
  Answer readOne() {
    return readOne(true);
  }

  private Answer readOne(boolean isWhole) {
    try {
      String statusLine = line();
      if (statusLine.isEmpty()) {
        return Answer.NONE;
      }
      Map<String, String> headers = new TreeMap<>();
      for (String line = line(); !line.isEmpty(); line = line()) {
        int colon = line.indexOf(':');
        headers.put(
            line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
      }
      int status = Integer.parseInt(statusLine.split(" ", 3)[1]);
      boolean isRead = isWhole || status >= 400;
      return new Answer(status, headers, isRead ? body(status, headers) : new byte[0]);
    } catch (java.net.SocketTimeoutException e) {
      throw new AssertionError("neither an answer nor the end of the connection to: " + said, e);
    } catch (IOException reset) {
      return Answer.NONE;
    }
  }

  /// The next answer, whose body is read only when it says why not.
  Answer readWhyNot() {
    return readOne(false);
  }

  /// All answers up to the end of the connection, which must come.
  List<Answer> readAll() {
    List<Answer> answers = new ArrayList<>();
    for (Answer answer = readOne(); answer.status() > 0; answer = readOne()) {
      answers.add(answer);
    }
    return answers;
  }

  /// Exactly so many bytes, or fewer at the end of the connection.
  byte[] readBytes(int count) {
    try {
      return in.readNBytes(count);
    } catch (java.net.SocketTimeoutException e) {
      throw new AssertionError("neither bytes nor the end of the connection", e);
    } catch (IOException reset) {
      return new byte[0];
    }
  }

  /// Whether the server ends the connection; whatever it says before is thrown away.
  boolean isCut() {
    try {
      while (in.read() >= 0) {}
      return true;
    } catch (java.net.SocketTimeoutException e) {
      return false;
    } catch (IOException reset) {
      return true;
    }
  }

  private byte[] body(int status, Map<String, String> headers) throws IOException {
    if (status < 200 || status == 204 || status == 304) {
      return new byte[0];
    }
    if (headers.containsKey("content-length")) {
      return in.readNBytes(Integer.parseInt(headers.get("content-length")));
    }
    if (!headers.getOrDefault("transfer-encoding", "").equals("chunked")) {
      return in.readAllBytes();
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
      body.writeBytes(in.readNBytes(size));
      line();
    }
    line();
    return body.toByteArray();
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        if (line.isEmpty()) {
          return "";
        }
        throw new EOFException();
      }
      if (b != '\r') {
        line.append((char) b);
      }
    }
    return line.toString();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
