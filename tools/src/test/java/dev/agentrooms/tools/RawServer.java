package dev.agentrooms.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// A raw TCP server that reads a request and then misbehaves on the connection.
public final class RawServer implements AutoCloseable {

  // Less than the time after which the JDK's client closes idle connections of itself.
  static final long PATIENCE_SECONDS = 20;

  /// What it does with a connection after the request's head.
  public interface Manners {
    void serve(Connection connection) throws Exception;
  }

  /// @param number 1 for the first connection
  public record Connection(Socket socket, int number) {

    public void send(String text) throws IOException {
      OutputStream out = socket.getOutputStream();
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.flush();
    }

    /// Reads until the client has closed, by FIN or reset.
    public void waitForClose() {
      try {
        InputStream in = socket.getInputStream();
        byte[] rest = new byte[8192];
        while (in.read(rest) >= 0) {
          // Still open.
        }
      } catch (IOException e) {
        // A reset is a close too.
      }
    }

    public void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }
  }

  private final ServerSocket server;
  private final Manners manners;
  private final AtomicInteger connections = new AtomicInteger();
  private final Semaphore requests = new Semaphore(0);
  private final Semaphore closes = new Semaphore(0);
  private final BlockingQueue<Socket> open = new LinkedBlockingQueue<>();

  public RawServer(Manners manners) throws IOException {
    this.server = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
    this.manners = manners;
    Thread.ofVirtual().start(this::accept);
  }

  /// An address without a listener.
  public static URI nobody() throws IOException {
    try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return URI.create("http://127.0.0.1:" + gone.getLocalPort());
    }
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.getLocalPort());
  }

  public int connections() {
    return connections.get();
  }

  public void awaitRequest() throws InterruptedException {
    assertThat(requests.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)).as("a request").isTrue();
  }

  /// The manners have come to their end, which those that wait for it reach when the client closes.
  public void awaitClose() throws InterruptedException {
    assertThat(closes.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)).as("a close").isTrue();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        open.add(socket);
        Connection connection = new Connection(socket, connections.incrementAndGet());
        Thread.ofVirtual().start(() -> serve(connection));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void serve(Connection connection) {
    try (Socket socket = connection.socket()) {
      readHead(socket.getInputStream());
      requests.release();
      manners.serve(connection);
    } catch (Exception e) {
      // The client went first.
    } finally {
      closes.release();
    }
  }

  private static void readHead(InputStream in) throws IOException {
    int matched = 0;
    byte[] end = {'\r', '\n', '\r', '\n'};
    while (matched < end.length) {
      int b = in.read();
      if (b < 0) {
        throw new IOException("no request");
      }
      matched = b == end[matched] ? matched + 1 : b == end[0] ? 1 : 0;
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
