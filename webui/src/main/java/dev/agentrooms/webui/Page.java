package dev.agentrooms.webui;

import dev.agentrooms.http.Compression;
import dev.agentrooms.http.Headers;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.zip.Deflater;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.jspecify.annotations.Nullable;

/// Serves the page's files from the class path, each cached plain and gzipped.
///
/// Only names with a known extension are served, so that there are no folders and no path
/// traversal.
final class Page {

  private static final String ROOT = "/agent-rooms-page/";
  private static final Pattern PATH =
      Pattern.compile("(?:[a-z0-9][a-z0-9.-]*/)*[a-z0-9][a-z0-9.-]*\\.([a-z]+)");
  private static final Map<String, ContentType> TYPES =
      Map.of(
          "html", ContentTypes.TEXT_HTML_UTF8,
          "js", ContentTypes.parse("text/javascript; charset=UTF-8"),
          "css", ContentTypes.parse("text/css; charset=UTF-8"),
          "svg", ContentTypes.parse("image/svg+xml"));

  // Paths of vendored files contain their version, so that they can be cached forever.
  private static final String VENDOR = "vendor/";
  private static final HttpHeader FOR_EVER =
      RawHeader.create("Cache-Control", "public, max-age=31536000, immutable");
  private static final HttpHeader ASK_AGAIN = RawHeader.create("Cache-Control", "no-cache");

  private final Map<String, File> files = new ConcurrentHashMap<>();

  private record File(ContentType type, byte[] plain, byte[] gzipped, String tag) {}

  /// The response with the file at `path`; empty when there is none.
  Optional<HttpResponse> answer(HttpRequest request, String path) {
    File file = files.get(path);
    if (file == null) {
      file = read(path);
      if (file == null) {
        return Optional.empty();
      }
      files.put(path, file);
    }
    boolean gzip = Compression.asksForGzip(request);
    // The compressed form needs an ETag of its own.
    String tag = "\"" + file.tag + (gzip ? "-gzip\"" : "\"");
    List<HttpHeader> headers =
        List.of(
            RawHeader.create("ETag", tag),
            Compression.VARY,
            path.startsWith(VENDOR) ? FOR_EVER : ASK_AGAIN);
    HttpResponse response = HttpResponse.create().addHeaders(headers);
    if (Headers.parts(request, "if-none-match").anyMatch(w -> isSame(w, tag))) {
      return Optional.of(response.withStatus(StatusCodes.NOT_MODIFIED));
    }
    return Optional.of(
        gzip
            ? response
                .addHeader(Compression.GZIPPED)
                .withEntity(HttpEntities.create(file.type, file.gzipped))
            : response.withEntity(HttpEntities.create(file.type, file.plain)));
  }

  private static @Nullable File read(String path) {
    var named = PATH.matcher(path);
    ContentType type = named.matches() ? TYPES.get(named.group(1)) : null;
    if (type == null || path.contains("..")) {
      return null;
    }
    try (InputStream in = Page.class.getResourceAsStream(ROOT + path)) {
      if (in == null) {
        return null;
      }
      byte[] plain = in.readAllBytes();
      return new File(type, plain, Compression.gzip(plain, Deflater.BEST_COMPRESSION), tag(plain));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String tag(byte[] bytes) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(hash, 0, 12);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has SHA-256
    }
  }

  private static boolean isSame(String given, String tag) {
    return given.equals("*") || (given.startsWith("W/") ? given.substring(2) : given).equals(tag);
  }
}
