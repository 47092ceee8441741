package dev.agentrooms.webui.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.agentrooms.http.Compression;
import dev.agentrooms.http.Headers;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
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

/// Serves the page: its HTML, and its files, each kept plain and gzipped.
///
/// The HTML names all files below a version, a digest of all of them: `/page/v-3f9a…/page.css`.
/// Such an answer can be cached for ever, and the HTML, which cannot, is small. Only what is in the
/// map is served, so that there are no folders and no path traversal.
public final class Page {

  private static final Map<String, ContentType> TYPES =
      Map.of(
          "html", ContentTypes.TEXT_HTML_UTF8,
          "js", ContentTypes.parse("text/javascript; charset=UTF-8"),
          "css", ContentTypes.parse("text/css; charset=UTF-8"),
          "svg", ContentTypes.parse("image/svg+xml"),
          "png", ContentTypes.parse("image/png"),
          "webp", ContentTypes.parse("image/webp"));
  private static final List<String> SHELLS = List.of("index.html", "admin.html");
  private static final Pattern VERSIONED = Pattern.compile("(v-[0-9a-f]{16})/(.*)");
  private static final String VENDOR = "vendor/";
  private static final HttpHeader FOR_EVER =
      RawHeader.create("Cache-Control", "public, max-age=31536000, immutable");
  private static final HttpHeader ASK_AGAIN = RawHeader.create("Cache-Control", "no-cache");
  private static final HttpHeader VARY_SHELL =
      RawHeader.create("Vary", "Accept-Encoding, Accept-Language");

  private final String version;
  private final Map<String, File> files = new HashMap<>();
  // The HTML by the name of its file and its form.
  private final Map<String, Map<String, File>> shells = new HashMap<>();

  private record File(ContentType type, byte[] plain, byte[] gzipped, String tag) {}

  public Page(Brand brand) {
    Map<String, byte[]> sources = new TreeMap<>(PageSource.read());
    Map<String, byte[]> served = new TreeMap<>(sources);
    SHELLS.forEach(served::remove);
    for (String entry : List.of("app/main.js", "app/admin.js")) {
      served.put(entry, pack(entry, sources));
    }
    brand.addTo(served);
    served.forEach(
        (path, bytes) -> {
          File file = file(path, bytes);
          if (file != null) {
            files.put(path, file);
          }
        });
    version = "v-" + digest(served).substring(0, 16);
    for (String name : SHELLS) {
      Shell shell = new Shell(sources, name, "/page/" + version + "/", brand.words());
      Map<String, File> forms = new HashMap<>();
      shell
          .forms()
          .forEach(
              (form, html) ->
                  forms.put(form, fileOf(ContentTypes.TEXT_HTML_UTF8, html.getBytes(UTF_8))));
      shells.put(name, forms);
    }
  }

  private static byte[] pack(String entry, Map<String, byte[]> sources) {
    return ModulePack.of(entry, path -> PageSource.text(sources, path)).getBytes(UTF_8);
  }

  /// The response with the file at `path`; empty when there is none.
  public Optional<HttpResponse> answer(HttpRequest request, String path) {
    Map<String, File> forms = shells.get(path);
    if (forms != null) {
      File shell = forms.get(Shell.form(request));
      return shell == null
          ? Optional.empty()
          : Optional.of(answer(request, shell, ASK_AGAIN, VARY_SHELL));
    }
    Matcher versioned = VERSIONED.matcher(path);
    boolean isVersioned = versioned.matches();
    String name = isVersioned ? versioned.group(2) : path;
    File file = files.get(name);
    if (file == null) {
      return Optional.empty();
    }
    // Another version is that of another node, while one after the other is replaced: what is here
    // is then the best there is, but not for ever.
    boolean isLasting = isVersioned ? versioned.group(1).equals(version) : name.startsWith(VENDOR);
    return Optional.of(answer(request, file, isLasting ? FOR_EVER : ASK_AGAIN, Compression.VARY));
  }

  private static HttpResponse answer(
      HttpRequest request, File file, HttpHeader cached, HttpHeader vary) {
    boolean gzip = Compression.asksForGzip(request);
    // The compressed form needs an ETag of its own.
    String tag = "\"" + file.tag + (gzip ? "-gzip\"" : "\"");
    HttpResponse response =
        HttpResponse.create().addHeaders(List.of(RawHeader.create("ETag", tag), vary, cached));
    if (Headers.isKnown(request, tag)) {
      return response.withStatus(StatusCodes.NOT_MODIFIED);
    }
    return gzip
        ? response
            .addHeader(Compression.GZIPPED)
            .withEntity(HttpEntities.create(file.type, file.gzipped))
        : response.withEntity(HttpEntities.create(file.type, file.plain));
  }

  /// Null for what is not for browsers, such as a licence.
  private static @Nullable File file(String path, byte[] bytes) {
    ContentType type = TYPES.get(path.substring(path.lastIndexOf('.') + 1));
    return type == null ? null : fileOf(type, bytes);
  }

  private static File fileOf(ContentType type, byte[] plain) {
    byte[] gzipped = Compression.gzip(plain, Deflater.BEST_COMPRESSION);
    return new File(type, plain, gzipped, digest(Map.of("", plain)).substring(0, 24));
  }

  private static String digest(Map<String, byte[]> files) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      files.forEach(
          (path, bytes) -> {
            digest.update(path.getBytes(UTF_8));
            digest.update(bytes);
          });
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has SHA-256
    }
  }
}
