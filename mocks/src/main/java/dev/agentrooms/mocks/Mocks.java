package dev.agentrooms.mocks;

import static com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder.like;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.common.Notifier;
import com.github.tomakehurst.wiremock.stubbing.StubMapping;

/// Document search and exam generator as one WireMock server.
public final class Mocks implements AutoCloseable {

  private static final String MAPPINGS = "agent-rooms-mocks";

  private final WireMockServer server;
  private final String host;

  private Mocks(WireMockServer server, String host) {
    this.server = server;
    this.host = host;
  }

  /// Starts the tools with their usual latency. Port 0 is any free one.
  ///
  /// @throws RuntimeException with a [java.net.BindException] among its causes when the port is
  /// taken
  public static Mocks start(String host, int port) {
    return start(host, port, Latency.USUAL);
  }

  /// Starts the tools. Port 0 is any free one.
  ///
  /// @throws RuntimeException with a [java.net.BindException] among its causes when the port is
  /// taken
  public static Mocks start(String host, int port, Latency latency) {
    var server =
        new WireMockServer(
            options()
                .bindAddress(host)
                .port(port)
                .usingFilesUnderClasspath(MAPPINGS)
                .http2PlainDisabled(true)
                .http2TlsDisabled(true)
                .gzipDisabled(true)
                // Delayed responses occupy no thread, so that slow calls do not delay others.
                .asynchronousResponseEnabled(true)
                .asynchronousResponseThreads(4)
                .jettyAcceptors(1)
                .jettyAcceptQueueSize(1024)
                .maxRequestJournalEntries(1000)
                .notifier(new Silent()));
    if (latency == Latency.NONE) {
      server.getStubMappings().stream().filter(stub -> !isSlow(stub)).forEach(Mocks::hasten);
    }
    server.start();
    return new Mocks(server, host);
  }

  public int port() {
    return server.port();
  }

  /// The base URL of both tools on this machine, without a trailing slash.
  public String url() {
    var name =
        switch (host) {
          case "0.0.0.0" -> "127.0.0.1";
          case "::", "[::]" -> "[::1]";
          default -> host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
        };
    return "http://" + name + ":" + port();
  }

  /// The WireMock server, for its request journal and for further stubs in tests.
  public WireMockServer server() {
    return server;
  }

  @Override
  public void close() {
    server.stop();
  }

  private static boolean isSlow(StubMapping stub) {
    return stub.getMetadata() != null && stub.getMetadata().getBoolean("slow", false);
  }

  private static void hasten(StubMapping stub) {
    stub.setResponse(like(stub.getResponse()).withFixedDelay(null).build());
  }

  /// Unmatched requests are not logged as errors; the caller sees the 404.
  private static final class Silent implements Notifier {
    @Override
    public void info(String message) {}

    @Override
    public void error(String message) {}

    @Override
    public void error(String message, Throwable failure) {}
  }
}
