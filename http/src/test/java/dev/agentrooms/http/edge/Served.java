package dev.agentrooms.http.edge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.typesafe.config.ConfigFactory;
import dev.agentrooms.http.Express;
import dev.agentrooms.http.HttpAddress;
import dev.agentrooms.http.HttpLimits;
import dev.agentrooms.http.HttpSettings;
import dev.agentrooms.http.Meters;
import dev.agentrooms.http.Settings;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;

/// Some routes at an address of their own, and their meters.
record Served(ActorSystem<Void> system, Meters meters, InetSocketAddress address)
    implements AutoCloseable {

  static final HttpLimits LIMITS = limits(64 << 20);

  /// Generous ones, save for bodies.
  static HttpLimits limits(int maxBodyMemory) {
    return new HttpLimits(
        Duration.ofSeconds(20),
        Duration.ofSeconds(30),
        Duration.ofSeconds(60),
        Duration.ofSeconds(30),
        5000,
        5000,
        maxBodyMemory);
  }

  static Served of(Route routes, HttpLimits limits, @Nullable Express express) throws Exception {
    ActorSystem<Void> system =
        ActorSystem.create(
            Behaviors.empty(),
            "served",
            ConfigFactory.parseString("pekko.actor.provider = local, pekko.stdout-loglevel = ERROR")
                .withFallback(Settings.load()));
    Meters meters = Meters.start(system);
    HttpAddress any = new HttpAddress("test.http", "127.0.0.1", 0);
    HttpSettings settings = new HttpSettings(any, limits, null, false, false);
    InetSocketAddress address =
        HttpServer.start(system, settings, meters, routes, express)
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS);
    return new Served(system, meters, address);
  }

  /// What `/metrics` would say of one meter.
  double metric(String name) {
    return meters
        .page()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow();
  }

  static void await(String what, BooleanSupplier wish) {
    for (int i = 0; i < 400; i++) {
      if (wish.getAsBoolean()) {
        return;
      }
      CompletableFuture.runAsync(
              () -> {}, CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS))
          .join();
    }
    throw new AssertionError("still not so: " + what);
  }

  Client client() throws IOException {
    return new Client(new Socket(address.getAddress(), address.getPort()));
  }

  /// A client that says what it likes.
  record Client(Socket socket, DataInputStream in) implements AutoCloseable {

    Client(Socket socket) throws IOException {
      this(socket, new DataInputStream(socket.getInputStream()));
      socket.setSoTimeout(20_000);
    }

    Client say(String text) throws IOException {
      socket.getOutputStream().write(text.getBytes(ISO_8859_1));
      return this;
    }

    Client get(String path) throws IOException {
      return say("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }

    /// The next head, and the body if it says how long that is.
    String answer() throws IOException {
      StringBuilder text = new StringBuilder();
      while (!text.toString().endsWith("\r\n\r\n")) {
        text.append((char) in.readUnsignedByte());
      }
      int length = text.indexOf("Content-Length: ");
      if (length >= 0) {
        String digits = text.substring(length + 16, text.indexOf("\r", length));
        text.append(new String(in.readNBytes(Integer.parseInt(digits)), ISO_8859_1));
      }
      return text.toString();
    }

    /// Whether nothing more comes, and the connection ends.
    boolean isEnded() throws IOException {
      try {
        return in.read() < 0;
      } catch (EOFException e) {
        return true;
      }
    }

    /// Leaves so that the server's system is told at once, and not only that no more is sent.
    void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  @Override
  public void close() {
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }
}
