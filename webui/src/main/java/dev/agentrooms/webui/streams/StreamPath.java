package dev.agentrooms.webui.streams;

import dev.agentrooms.protocol.InvalidField;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/// The name of a stream: what stands behind the root in its URL, decoded.
public final class StreamPath {

  private static final int MAX_LENGTH = 512;

  private StreamPath() {}

  /// @param roots how many segments the root has
  /// @throws InvalidField when it is none
  public static String of(HttpRequest request, int roots) {
    List<String> segments = new ArrayList<>();
    request.getUri().pathSegments().forEach(segments::add);
    String path =
        String.join("/", segments.subList(Math.min(roots, segments.size()), segments.size()));
    boolean isOpen = request.getUri().path().endsWith("/") && !path.isEmpty();
    return checked("path", isOpen ? path + "/" : path);
  }

  /// The name in a URL's path that begins with `root`, or without it.
  ///
  /// @throws InvalidField when it is none
  static String ofUrl(String field, String text, String root) {
    String below = text.startsWith(root) ? text.substring(root.length()) : text;
    String name = below.startsWith("/") ? below.substring(1) : below;
    try {
      // A plus sign is one in a path.
      return checked(field, URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      throw new InvalidField(field, field + " is no path of a stream");
    }
  }

  static String checked(String field, String path) {
    if (path.isEmpty() || path.length() > MAX_LENGTH) {
      throw new InvalidField(
          field, "the path of a stream must have 1 to " + MAX_LENGTH + " characters");
    }
    if (path.chars().anyMatch(Character::isISOControl)
        || !StandardCharsets.UTF_8.newEncoder().canEncode(path)) {
      throw new InvalidField(field, "the path of a stream must be text without control characters");
    }
    return path;
  }
}
