package dev.agentrooms.app;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// The machine's nginx with `ops/nginx.conf`, on free ports, with a certificate of its own.
final class Nginx implements AutoCloseable {

  private static final String PASSWORD = "for-this-test";

  private final Path dir;
  private final int port;
  private final int plainPort;
  private final SSLContext tls;
  private final Process process;

  private Nginx(Path dir, int port, int plainPort, SSLContext tls, Process process) {
    this.dir = dir;
    this.port = port;
    this.plainPort = plainPort;
    this.tls = tls;
    this.process = process;
  }

  static boolean isInstalled() {
    return Files.isExecutable(executable());
  }

  /// @param port where it is to listen
  /// @param host what it says to the web UI in `Host`, in nginx's words
  static Nginx start(int port, String webUi, String host) {
    try {
      Path dir = Files.createTempDirectory("nginx");
      KeyStore keys = newKeys(dir);
      int plainPort = Stack.freePort();
      String conf =
          Files.readString(Path.of("../ops/nginx.conf"))
              .replace("server 127.0.0.1:8150;", "server " + webUi.replace("http://", "") + ";")
              .replace("listen 80;", "listen 127.0.0.1:" + plainPort + ";")
              .replace("listen 443 ssl", "listen 127.0.0.1:" + port + " ssl")
              .replace("https://$host$request_uri", "https://$host:" + port + "$request_uri")
              .replace("/etc/ssl/rooms.example.org", dir.toString())
              .replace("rooms.example.org", "localhost")
              .replace("Host $http_host", "Host " + host)
              .replace("worker_rlimit_nofile 120000;", "")
              .replace("worker_connections 50000;", "worker_connections 500;")
              .replace("http {\n", "http {\n" + temporaryPaths(dir));
      Path file = Files.writeString(dir.resolve("nginx.conf"), conf);
      Process process =
          new ProcessBuilder(
                  executable().toString(),
                  "-p",
                  dir.toString(),
                  "-c",
                  file.toString(),
                  "-g",
                  "daemon off; pid " + dir.resolve("nginx.pid") + ";")
              .redirectErrorStream(true)
              .redirectOutput(dir.resolve("nginx.log").toFile())
              .start();
      Nginx nginx = new Nginx(dir, port, plainPort, trusting(keys), process);
      Stack.await(() -> nginx.isListening(), listening -> listening);
      return nginx;
    } catch (IOException | GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  String url() {
    return "https://localhost:" + port;
  }

  String plainUrl() {
    return "http://localhost:" + plainPort;
  }

  /// Trusts its certificate, and no other.
  SSLContext tls() {
    return tls;
  }

  private static Path executable() {
    return Stream.of("/usr/sbin/nginx", "/usr/bin/nginx", "/opt/homebrew/bin/nginx")
        .map(Path::of)
        .filter(Files::isExecutable)
        .findFirst()
        .orElse(Path.of("/usr/sbin/nginx"));
  }

  private boolean isListening() {
    if (!process.isAlive()) {
      try {
        throw new AssertionError("nginx: " + Files.readString(dir.resolve("nginx.log")));
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException notYet) {
      return false;
    }
  }

  private static String temporaryPaths(Path dir) {
    StringBuilder lines = new StringBuilder("  access_log off;\n");
    for (String kind : List.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")) {
      lines.append("  %s_temp_path %s;\n".formatted(kind, dir.resolve(kind)));
    }
    return lines.toString();
  }

  private static KeyStore newKeys(Path dir) throws IOException, GeneralSecurityException {
    Path file = dir.resolve("keys.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "rooms",
                "-keyalg",
                "EC",
                "-validity",
                "2",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost,ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .start();
    String said =
        new String(
            keytool.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      keys.load(in, PASSWORD.toCharArray());
    } catch (IOException e) {
      throw new AssertionError("keytool: " + said, e);
    }
    pem(dir, "fullchain.pem", "CERTIFICATE", keys.getCertificate("rooms").getEncoded());
    pem(
        dir,
        "privkey.pem",
        "PRIVATE KEY",
        keys.getKey("rooms", PASSWORD.toCharArray()).getEncoded());
    return keys;
  }

  private static void pem(Path dir, String name, String kind, byte[] der) throws IOException {
    Files.writeString(
        dir.resolve(name),
        "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
            .formatted(kind, Base64.getMimeEncoder().encodeToString(der)));
  }

  private static SSLContext trusting(KeyStore keys) throws IOException, GeneralSecurityException {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("rooms", keys.getCertificate("rooms"));
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trusted);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(null, managers.getTrustManagers(), null);
    return tls;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
