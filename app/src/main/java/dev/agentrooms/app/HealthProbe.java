package dev.agentrooms.app;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// The container's health check: requests `/health/ready` on this machine and exits with 0 if the
/// answer is 200, so that the image needs no `curl`. It is a main class of its own that loads few
/// classes, because it runs every few seconds.
public final class HealthProbe {

  private static final int TIMEOUT_MS = 3_000;

  private HealthProbe() {}

  /// @param args the port
  public static void main(String[] args) {
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0])),
          TIMEOUT_MS);
      socket.setSoTimeout(TIMEOUT_MS);
      socket
          .getOutputStream()
          .write(
              "GET /health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      byte[] start = socket.getInputStream().readNBytes("HTTP/1.1 200".length());
      String answer = new String(start, StandardCharsets.US_ASCII);
      System.out.println(answer);
      System.exit(answer.endsWith(" 200") ? 0 : 1);
    } catch (IOException e) {
      System.out.println(e);
      System.exit(1);
    }
  }
}
