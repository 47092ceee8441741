package dev.agentrooms.webui;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Any answer from the agent's URL is passed on, or becomes a 502.
@Tag("wire")
@Timeout(300)
class AgentAnswersTest {

  private static volatile String next = "";

  private static ServerSocket agent;
  private static TestWebUi webUi;

  @BeforeAll
  static void start() throws IOException {
    agent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(AgentAnswersTest::serve);
    webUi = TestWebUi.start("webui.agent-url = \"http://127.0.0.1:" + agent.getLocalPort() + "\"");
  }

  @AfterAll
  static void stop() throws IOException {
    webUi.close();
    agent.close();
  }

  private static void serve() {
    while (!agent.isClosed()) {
      try (Socket socket = agent.accept()) {
        byte[] request = new byte[10_000];
        int read = socket.getInputStream().read(request);
        if (read > 0) {
          socket.getOutputStream().write(next.getBytes(ISO_8859_1));
        }
      } catch (IOException closed) {
        // By the test, or by the web UI.
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "HTTP/1.1 200 OK~Content-Type: application/json~Content-Length: 2~~{} | 200",
        "HTTP/1.1 299 Odd~Content-Length: 2~~{} | 502",
        "HTTP/1.1 499 Gone Away~Content-Length: 2~~{} | 502",
        "HTTP/1.1 555 Odd~Content-Length: 2~~{} | 502",
        "HTTP/1.1 999 Odd~Content-Length: 2~~{} | 502",
        "HTTP/1.1 000 Odd~Content-Length: 2~~{} | 502",
        "HTTP/1.1 101 Switching Protocols~Upgrade: x~Connection: upgrade~~ | 502",
        "HTTP/1.1 204 No Content~Content-Type: text/plain~~{} | 204",
        "HTTP/1.1 304 Not Modified~Content-Length: 2~~{} | 304",
        "HTTP/1.1 301 Moved~Location: http://127.0.0.1:1/~Content-Length: 0~~ | 301",
        "HTTP/1.1 200 OK~Content-Type: garbage~Content-Length: 2~~{} | 200",
        "HTTP/1.1 200 OK~Content-Type: ;;~Content-Length: 2~~{} | 200",
        "HTTP/1.1 200 OK~Content-Type:~Content-Length: 2~~{} | 200",
        "HTTP/1.1 200 OK~Content-Type: te\u00e9t/x~Content-Length: 2~~{} | 200",
        "HTTP/1.1 202 OK~Location: /\u00e9~Retry-After: \u00ff~Content-Length: 2~~{} | 202",
        "HTTP/1.1 405 No~Allow: \u00e9~Content-Length: 2~~{} | 405",
        "HTTP/1.1 200 OK~Content-Length: x~~{} | 502",
        "HTTP/1.1 200 OK~Content-Length: 9~~{} | 502",
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~zz~{} | 502",
        "HTTP/1.1 OK~~ | 502",
        "nonsense~~ | 502",
        "'' | 502",
      })
  void anyAnswerIsPassedBackOrABadGateway(String answer, int status) throws Exception {
    next = answer.replace("~", "\r\n");

    var passed = webUi.get("/api/agent/sessions");

    assertThat(passed.statusCode()).as(answer).isEqualTo(status);
    if (status == 502) {
      assertThat(passed.headers().firstValue("content-type")).hasValue("application/problem+json");
    }
  }
}
