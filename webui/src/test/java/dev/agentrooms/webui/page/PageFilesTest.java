package dev.agentrooms.webui.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
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

  private static final Page PAGE = new Page(Brand.PLAIN);

  @ParameterizedTest
  @CsvSource({
    "index.html, text/html; charset=UTF-8",
    "page.css, text/css; charset=UTF-8",
    "app/main.js, text/javascript; charset=UTF-8",
    "app/markdown-worker.js, text/javascript; charset=UTF-8",
    "icon.svg, image/svg+xml",
    "conversation.css, text/css; charset=UTF-8",
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
        "v-0123456789abcdef/",
        "index.html\0.js",
        "INDEX.HTML",
      })
  void nothingElseIsThere(String path) {
    assertThat(PAGE.answer(HttpRequest.GET("/"), path)).isEmpty();
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
    assertThat(header(answer("page.css"), "Cache-Control")).contains("no-cache");
    for (String file : named()) {
      assertThat(header(answer(file), "Cache-Control"))
          .as(file)
          .hasValueSatisfying(PageFilesTest::immutable);
    }
    assertThat(header(answer("vendor/lit-html-3.3.3/lit-html.js"), "Cache-Control"))
        .hasValueSatisfying(PageFilesTest::immutable);
  }

  @Test
  void filesOfAnotherVersionAreServedWhileNodesAreReplacedButNotKept() {
    String other = named().getFirst().replaceFirst("v-[0-9a-f]{16}", "v-0123456789abcdef");

    assertThat(answer(other).status().intValue()).isEqualTo(200);
    assertThat(header(answer(other), "Cache-Control")).contains("no-cache");
    assertThat(PAGE.answer(HttpRequest.GET("/"), "v-0123456789abcdef/nothing.js")).isEmpty();
  }

  @Test
  void anotherLookIsAnotherVersion() {
    Brand brand = new Brand("Agent Rooms", null, Accent.of("k", "#0b7a75"));
    String other = new String(body(html(new Page(brand), "/")), UTF_8);

    assertThat(files(other)).doesNotContainAnyElementsOf(named());
  }

  @Test
  void htmlIsInTheLanguageThatTheBrowserPrefers() {
    assertThat(text("/", "Accept-Language", "ru-RU,ru;q=0.9,en;q=0.8"))
        .contains("<html lang=\"ru\">", "С чем разберёмся?", "/app/i18n/ru.js");
    for (String other : new String[] {"de, fr", "", "*", "en-GB, ru"}) {
      assertThat(text("/", "Accept-Language", other)).contains("What shall we look into?");
    }
    assertThat(header(answer("index.html"), "Vary").orElseThrow()).contains("Accept-Language");
  }

  @Test
  void htmlOfASessionWelcomesNobody() {
    assertThat(text("/?session=quiz1", "Accept", "*/*"))
        .contains("aria-busy=\"true\"")
        .doesNotContain("What shall we look into?");
    assertThat(text("/", "Accept", "*/*")).doesNotContain("{{", "aria-busy");
  }

  @Test
  void aNameIsTextWhateverIsInIt() {
    Page page = new Page(brand("<script>alert(1)</script> & \"Söhne\" $1 {{x}}"));

    assertThat(new String(body(html(page, "/")), UTF_8))
        .doesNotContain("<script>alert")
        .contains(
            "<title>&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;Söhne&quot; $1 {{x}}</title>");
  }

  @Test
  void aLogoAndAColourTakeThePlaceOfThePagesOwn() {
    Brand brand =
        new Brand("Acme", new Brand.Logo("png", new byte[] {1, 2}), Accent.of("k", "#0b7a75"));
    Page page = new Page(brand);
    String html = new String(body(html(page, "/")), UTF_8);
    String logo =
        files(html).stream().filter(each -> each.endsWith("brand.png")).findFirst().orElseThrow();

    assertThat(html).contains("type=\"image/png\"").doesNotContain("icon.svg");
    HttpResponse served = page.answer(HttpRequest.GET("/"), logo).orElseThrow();
    assertThat(body(served)).containsExactly(1, 2);
    assertThat(served.entity().getContentType()).hasToString("image/png");
    assertThat(new String(body(page.answer(HttpRequest.GET("/"), "page.css").orElseThrow()), UTF_8))
        .endsWith(Accent.of("k", "#0b7a75").css());
  }

  /// With everything that it ever loads: both languages, Markdown, icons.
  @Test
  void pageIsLight() {
    Set<String> first = new TreeSet<>(named());
    Set<String> later =
        Set.of(
            "app/markdown.js",
            "app/markdown-worker.js",
            "app/half-written.js",
            "app/i18n/ru.js",
            "vendor/marked-18.2.1/marked.esm.js",
            "icon-done.svg",
            "icon-look.svg");
    int atFirst = first.stream().mapToInt(this::gzipped).sum() + gzipped("index.html");

    assertThat(atFirst).isLessThan(70_000);
    assertThat(atFirst + later.stream().mapToInt(this::gzipped).sum()).isLessThan(100_000);
  }

  private static void immutable(String value) {
    assertThat(value).contains("immutable");
  }

  private int gzipped(String path) {
    return body(answer(path, "Accept-Encoding", "gzip")).length;
  }

  private static Brand brand(String name) {
    return new Brand(name, null, null);
  }

  private static HttpResponse html(Page page, String address) {
    return page.answer(HttpRequest.GET(address), "index.html").orElseThrow();
  }

  private static String text(String address, String header, String value) {
    HttpRequest request = HttpRequest.GET(address).addHeader(RawHeader.create(header, value));
    return new String(body(PAGE.answer(request, "index.html").orElseThrow()), UTF_8);
  }

  /// The files that the HTML names.
  private static List<String> named() {
    return files(new String(body(html(PAGE, "/")), UTF_8));
  }

  private static List<String> files(String html) {
    return Pattern.compile("(?:href|src)=\"/page/([^\"]+)\"")
        .matcher(html)
        .results()
        .map(found -> found.group(1))
        .distinct()
        .toList();
  }

  private HttpResponse answer(String path, String... header) {
    HttpRequest request = HttpRequest.GET("/page/" + path);
    if (header.length > 0) {
      request = request.addHeader(RawHeader.create(header[0], header[1]));
    }
    return PAGE.answer(request, path).orElseThrow();
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
