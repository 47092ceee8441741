package dev.agentrooms.app;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// Asks this machine's `/health/ready` and exits with 0 when it answers 200: a container's health
/// check, which needs nothing else in the image. It is no part of the command line and loads next
/// to nothing, because it runs every few seconds.
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
