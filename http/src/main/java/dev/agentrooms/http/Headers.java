package dev.agentrooms.http;

import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/// The headers of a request, by name; each may occur several times.
public final class Headers {

  private Headers() {}

  /// The values of all header lines of this name.
  public static List<String> values(HttpRequest request, String lowercaseName) {
    return StreamSupport.stream(request.getHeaders().spliterator(), false)
        .filter(header -> header.is(lowercaseName))
        .map(HttpHeader::value)
        .toList();
  }

  /// The elements of a comma-separated header.
  public static Stream<String> parts(HttpRequest request, String lowercaseName) {
    return values(request, lowercaseName).stream()
        .flatMap(value -> Stream.of(value.split(",", -1)))
        .map(String::strip);
  }

  /// Whether `If-None-Match` names this entity tag, weak or not, or any: the client has what is
  /// there already.
  public static boolean isKnown(HttpRequest request, String tag) {
    return parts(request, "if-none-match")
        .map(part -> part.startsWith("W/") ? part.substring(2) : part)
        .anyMatch(part -> part.equals(tag) || part.equals("*"));
  }
}
