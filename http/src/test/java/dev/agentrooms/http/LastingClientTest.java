package dev.agentrooms.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("wire")
class LastingClientTest {

  private HttpServer server;

  @BeforeEach
  void start() throws Exception {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private int ask(LastingClient client) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    return client
        .get()
        .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding())
        .statusCode();
  }

  @Test
  void aClientWhoseThreadHasEndedIsReplaced() throws Exception {
    Set<Thread> others = selectors();
    LastingClient client = new LastingClient(HttpClient::newHttpClient);
    assertThat(ask(client)).isEqualTo(204);
    Set<Thread> own = selectors();
    own.removeAll(others);
    assertThat(own).hasSize(1);

    for (Thread selector : own) {
      selector.interrupt();
      selector.join();
    }

    assertThat(ask(client)).isEqualTo(204);
  }

  @Test
  void oneThatIsRetiredTakesNoMoreAndAnotherIsThere() throws Exception {
    LastingClient client = new LastingClient(HttpClient::newHttpClient);
    HttpClient first = client.get();

    client.retire(first);
    client.retire(first);

    assertThat(client.get()).isNotSameAs(first);
    assertThat(ask(client)).isEqualTo(204);
  }

  private static Set<Thread> selectors() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().endsWith("-SelectorManager"))
        .collect(Collectors.toSet());
  }
}
