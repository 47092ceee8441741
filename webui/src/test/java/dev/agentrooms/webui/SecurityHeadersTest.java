package dev.agentrooms.webui;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Every answer has the security headers, refusals by any layer included.
@Tag("wire")
@ExtendWith(SharedWebUi.class)
@Timeout(300)
class SecurityHeadersTest {

  private final TestWebUi webUi;

  SecurityHeadersTest(TestWebUi webUi) {
    this.webUi = webUi;
  }

  static Stream<Arguments> requests() {
    return Stream.of(
        Arguments.of("GET / HTTP/1.1", "200"),
        Arguments.of("HEAD / HTTP/1.1", "200"),
        Arguments.of("GET /page/app/main.js HTTP/1.1", "200"),
        Arguments.of("GET /page/app/ HTTP/1.1", "404"),
        Arguments.of("GET /page/vendor/vendor.lock HTTP/1.1", "404"),
        Arguments.of("GET /page/../pom.xml HTTP/1.1", "404"),
        Arguments.of("GET /page/%2e%2e/%2e%2e/pom.xml HTTP/1.1", "404"),
        Arguments.of("POST /page/page.css HTTP/1.1", "405"),
        Arguments.of("GET /nothing HTTP/1.1", "404"),
        Arguments.of("GET /health HTTP/1.1", "200"),
        Arguments.of("GET /api/messages?session_id=s HTTP/1.1", "200"),
        Arguments.of("GET /api/messages HTTP/1.1", "400"),
        Arguments.of("GET /api/events?session_id=s HTTP/1.1", "200"),
        Arguments.of("GET /ws HTTP/1.1", "426"),
        Arguments.of("GET /api/agent/sessions HTTP/1.1", "502"),
        Arguments.of("DELETE /api/agent/run HTTP/1.1", "405"),
        // These the parser refuses, before any route sees them.
        Arguments.of("BREW / HTTP/1.1", "405"),
        Arguments.of("GET / HTTP/7.1", "400"),
        Arguments.of("GET /%zz HTTP/1.1", "400"));
  }

  @ParameterizedTest
  @MethodSource("requests")
  void everyAnswerCarriesThem(String request, String status) throws IOException {
    String head = ask(request);

    assertThat(head).startsWith("http/1.1 " + status);
    assertThat(head)
        .contains("\r\nx-content-type-options: nosniff\r\n")
        .contains("\r\nreferrer-policy: no-referrer\r\n")
        .contains("\r\nx-frame-options: deny\r\n")
        .containsOnlyOnce("content-security-policy: default-src 'none'; script-src 'self'; ")
        .contains("require-trusted-types-for 'script'")
        .doesNotContain("unsafe-");
  }

  private String ask(String request) throws IOException {
    try (Socket socket = new Socket(webUi.address().getAddress(), webUi.address().getPort())) {
      String text = request + "\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n";
      socket.getOutputStream().write(text.getBytes(ISO_8859_1));
      StringBuilder head = new StringBuilder();
      InputStream in = socket.getInputStream();
      while (head.indexOf("\r\n\r\n") < 0) {
        int next = in.read();
        assertThat(next).as(head.toString()).isNotNegative();
        head.append((char) next);
      }
      return head.toString().toLowerCase(Locale.ROOT);
    }
  }
}
