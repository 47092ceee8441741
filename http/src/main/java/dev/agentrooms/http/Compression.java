package dev.agentrooms.http;

import static java.util.zip.Deflater.SYNC_FLUSH;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.util.ByteString;

/// Compresses responses and events for clients that ask for it.
public final class Compression {

  public static final HttpHeader GZIPPED = RawHeader.create("Content-Encoding", "gzip");
  public static final HttpHeader VARY = RawHeader.create("Vary", "Accept-Encoding");

  // A smaller answer fits into one packet anyway; a larger one would occupy the thread for too
  // long.
  private static final int MIN_BYTES = 1024;
  private static final int MAX_BYTES = 4 * 1024 * 1024;
  private static final int STEP_BYTES = 8192;
  private static final Set<String> TYPES = Set.of("json", "problem+json", "plain");

  private static final ThreadLocal<Deflater> DEFLATER =
      ThreadLocal.withInitial(() -> new Deflater(Deflater.DEFAULT_COMPRESSION, true));

  private Compression() {}

  /// Whether `Accept-Encoding` allows gzip: `gzip`, `gzip;q=0.5`, but not `gzip;q=0`.
  public static boolean asksForGzip(HttpRequest request) {
    return Headers.parts(request, "accept-encoding").anyMatch(Compression::isGzip);
  }

  private static boolean isGzip(String coding) {
    String[] parts = coding.split(";", 2);
    String weight = parts.length == 1 ? "" : parts[1].strip();
    return parts[0].strip().equalsIgnoreCase("gzip") && !weight.matches("[qQ]=0(\\.0*)?");
  }

  /// The answer, gzipped if the client accepts that and the size is worth it.
  public static HttpResponse of(HttpRequest request, HttpResponse response) {
    if (!(response.entity() instanceof HttpEntity.Strict strict)
        || strict.getData().size() < MIN_BYTES
        || strict.getData().size() > MAX_BYTES
        || !TYPES.contains(strict.getContentType().mediaType().subType())
        || response.getHeader("Content-Encoding").isPresent()) {
      return response;
    }
    HttpResponse varied = response.addHeader(VARY);
    return asksForGzip(request)
        ? varied
            .addHeader(GZIPPED)
            .withEntity(
                HttpEntities.create(
                    strict.getContentType(),
                    gzip(strict.getData().toArrayUnsafe(), Deflater.DEFAULT_COMPRESSION)))
        : varied;
  }

  public static byte[] gzip(byte[] plain, int level) {
    ByteArrayOutputStream gzipped = new ByteArrayOutputStream();
    try (GZIPOutputStream out =
        new GZIPOutputStream(gzipped) {
          {
            def.setLevel(level);
          }
        }) {
      out.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return gzipped.toByteArray();
  }

  /// Deflate (RFC 1951) with a sync flush, which ends with the bytes 00 00 ff ff. It has no
  /// back-references to earlier data, so that it can be placed in any deflate stream: an event is
  /// compressed once for all readers.
  public static ByteString deflate(byte[] plain) {
    Deflater deflater = DEFLATER.get();
    deflater.reset();
    deflater.setInput(plain);
    ByteArrayOutputStream deflated = new ByteArrayOutputStream(plain.length / 2 + 16);
    byte[] step = new byte[STEP_BYTES];
    int size;
    do {
      size = deflater.deflate(step, 0, step.length, SYNC_FLUSH);
      deflated.write(step, 0, size);
    } while (size == step.length);
    return ByteString.fromArrayUnsafe(deflated.toByteArray());
  }
}
