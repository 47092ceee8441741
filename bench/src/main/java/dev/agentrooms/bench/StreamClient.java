package dev.agentrooms.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/// One connection to a server of streams, which costs as little as one can.
final class StreamClient implements AutoCloseable {

  // Stands once in each message, and nowhere else.
  private static final char MARK = '~';
  private static final String MESSAGE =
      "{\"mark\":\"" + MARK + "\",\"text\":\"" + "x".repeat(80) + "\"}";

  private final Socket socket;
  private final InputStream in;
  private volatile boolean closed;

  StreamClient(InetSocketAddress address) throws IOException {
    socket = new Socket(address.getAddress(), address.getPort());
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
  }

  private void send(String method, String path, String body) throws IOException {
    String head =
        method
            + " "
            + path
            + " HTTP/1.1\r\nHost: 127.0.0.1:"
            + socket.getPort()
            + "\r\nContent-Type: application/json\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n";
    socket.getOutputStream().write((head + body).getBytes(US_ASCII));
  }

  /// @return the status
  private int answer() throws IOException {
    String status = line();
    int length = 0;
    boolean isChunked = false;
    for (String header = line(); !header.isEmpty(); header = line()) {
      String lower = header.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        length = Integer.parseInt(lower.substring(15).strip());
      } else if (lower.startsWith("transfer-encoding:")) {
        isChunked = true;
      }
    }
    in.skipNBytes(length);
    while (isChunked) {
      int size = Integer.parseInt(line(), 16);
      // And the end of its line.
      in.skipNBytes(size + 2L);
      isChunked = size > 0;
    }
    return Integer.parseInt(status.substring(9, 12));
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new IOException("the server has hung up");
      }
      if (b != '\r') {
        line.append((char) b);
      }
    }
    return line.toString();
  }

  void make(String path) throws IOException {
    send("PUT", path, "");
    int status = answer();
    if (status / 100 != 2) {
      throw new IOException("PUT " + path + ": " + status);
    }
  }

  void keepAppending(String path, AtomicLong count) {
    begin(
        () -> {
          while (!closed) {
            send("POST", path, MESSAGE);
            int status = answer();
            if (status / 100 != 2) {
              throw new IOException("POST " + path + ": " + status);
            }
            count.incrementAndGet();
          }
        });
  }

  /// Counts the messages that come.
  void keepReading(String path, AtomicLong count) throws IOException {
    send("GET", path + "?offset=-1&live=sse", "");
    begin(
        () -> {
          byte[] read = new byte[64 * 1024];
          for (int n = in.read(read); n >= 0; n = in.read(read)) {
            int marks = 0;
            for (int i = 0; i < n; i++) {
              if (read[i] == MARK) {
                marks++;
              }
            }
            count.addAndGet(marks);
          }
        });
  }

  private interface Work {
    void run() throws IOException;
  }

  private void begin(Work work) {
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                work.run();
              } catch (IOException e) {
                if (!closed) {
                  System.out.println(e);
                }
              }
            });
  }

  @Override
  public void close() {
    closed = true;
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
