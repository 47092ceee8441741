package dev.agentrooms.webui;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class PageFilesTest {

  private final Page page = new Page();

  @ParameterizedTest
  @CsvSource({
    "index.html, text/html; charset=UTF-8",
    "page.css, text/css; charset=UTF-8",
    "app/main.js, text/javascript; charset=UTF-8",
    "app/markdown-worker.js, text/javascript; charset=UTF-8",
    "icon.svg, image/svg+xml",
    "vendor/pico-2.1.1/pico.classless.min.css, text/css; charset=UTF-8",
  })
  void fileHasTheTypeOfItsName(String path, String type) {
    HttpResponse answer = answer(path);

    assertThat(answer.status().intValue()).isEqualTo(200);
    assertThat(answer.entity().getContentType()).hasToString(type);
    assertThat(body(answer)).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "app",
        "app/",
        "vendor",
        "nothing.js",
        "../agent-rooms-page/index.html",
        "app/../index.html",
        "app//main.js",
        "/index.html",
        "app\\main.js",
        "vendor/vendor.lock",
        "vendor/marked-18.2.1/LICENSE",
        "index.html\0.js",
        "INDEX.HTML",
      })
  void nothingElseIsThere(String path) {
    assertThat(page.answer(HttpRequest.GET("/"), path)).isEmpty();
  }

  @Test
  void fileIsGzippedForClientsThatAcceptIt() {
    HttpResponse plain = answer("app/main.js");
    HttpResponse gzipped = answer("app/main.js", "Accept-Encoding", "br, gzip;q=0.8");

    assertThat(header(gzipped, "Content-Encoding")).contains("gzip");
    assertThat(header(plain, "Content-Encoding")).isEmpty();
    assertThat(header(plain, "Vary")).contains("Accept-Encoding");
    assertThat(gunzip(body(gzipped))).isEqualTo(body(plain));
    assertThat(header(gzipped, "ETag")).isNotEqualTo(header(plain, "ETag"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"br", "gzip;q=0", "gzip; q=0.00", "identity"})
  void fileStaysPlainForClientsThatDoNot(String accepted) {
    assertThat(header(answer("app/main.js", "Accept-Encoding", accepted), "Content-Encoding"))
        .isEmpty();
  }

  @Test
  void unchangedFileIsNotSentAgain() {
    String tag = header(answer("page.css"), "ETag").orElseThrow();

    for (String known : new String[] {tag, "W/" + tag, "\"other\", " + tag, "*"}) {
      HttpResponse answer = answer("page.css", "If-None-Match", known);
      assertThat(answer.status().intValue()).isEqualTo(304);
      assertThat(body(answer)).isEmpty();
      assertThat(header(answer, "ETag")).contains(tag);
    }
    assertThat(answer("page.css", "If-None-Match", "\"other\"").status().intValue()).isEqualTo(200);
  }

  @Test
  void onlyWhatNeverChangesIsKeptWithoutAsking() {
    assertThat(header(answer("index.html"), "Cache-Control")).contains("no-cache");
    assertThat(header(answer("vendor/lit-html-3.3.3/lit-html.js"), "Cache-Control").orElseThrow())
        .contains("immutable");
  }

  private HttpResponse answer(String path, String... header) {
    HttpRequest request = HttpRequest.GET("/page/" + path);
    if (header.length > 0) {
      request = request.addHeader(RawHeader.create(header[0], header[1]));
    }
    return page.answer(request, path).orElseThrow();
  }

  private static byte[] body(HttpResponse answer) {
    return ((HttpEntity.Strict) answer.entity()).getData().toArray();
  }

  private static Optional<String> header(HttpResponse answer, String name) {
    return answer.getHeader(name).map(h -> h.value());
  }

  private static byte[] gunzip(byte[] bytes) {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(new String(bytes, UTF_8), e);
    }
  }
}
