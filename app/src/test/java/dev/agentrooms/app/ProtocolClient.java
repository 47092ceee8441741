package dev.agentrooms.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.protocol.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A client of the protocols that the web UI speaks beside its own.
final class ProtocolClient implements AutoCloseable {

  private final HttpClient client = HttpClient.newHttpClient();
  private final String base;

  ProtocolClient(String base) {
    this.base = base;
  }

  record Answer(int status, HttpResponse<byte[]> response) {
    String text() {
      return new String(response.body(), UTF_8);
    }

    JsonNode json() {
      return Json.parse(response.body());
    }

    /// The same without the comments that keep a silent connection open.
    String withoutComments() {
      return text().replace(":\n\n", "");
    }

    /// The `data` of each Server-Sent Event.
    List<JsonNode> events() {
      return ProtocolClient.events(text());
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }
  }

  static List<JsonNode> events(String text) {
    List<JsonNode> events = new ArrayList<>();
    for (String line : text.split("\n")) {
      if (line.startsWith("data: ") && line.startsWith("{", 6)) {
        events.add(Json.parse(line.substring(6).getBytes(UTF_8)));
      }
    }
    return events;
  }

  /// The data of the events that are complete, comments left out.
  static List<String> data(String stream) {
    List<String> data = new ArrayList<>();
    int from = 0;
    for (int end = stream.indexOf("\n\n"); end >= 0; end = stream.indexOf("\n\n", from)) {
      for (String line : stream.substring(from, end).split("\n")) {
        if (line.startsWith("data: ")) {
          data.add(line.substring(6));
        }
      }
      from = end + 2;
    }
    return data;
  }

  /// The whole answer, once it has ended.
  Answer post(String path, @Nullable String json, String... headers) {
    return send("POST", path, json, headers);
  }

  Answer get(String path, String... headers) {
    return send("GET", path, null, headers);
  }

  Answer send(String method, String path, @Nullable String json, String... headers) {
    try {
      HttpResponse<byte[]> answer =
          client.send(
              request(method, path, json, headers), HttpResponse.BodyHandlers.ofByteArray());
      return new Answer(answer.statusCode(), answer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private HttpRequest request(
      String method, String path, @Nullable String json, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path))
            .method(
                method,
                json == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(json));
    if (json != null) {
      request.header("Content-Type", "application/json");
    }
    for (int i = 0; i < headers.length; i += 2) {
      request.setHeader(headers[i], headers[i + 1]);
    }
    return request.build();
  }

  /// An answer that is read while it comes.
  final class Stream implements AutoCloseable {

    private final InputStream in;
    private final ByteArrayOutputStream read = new ByteArrayOutputStream();

    private Stream(InputStream in) {
      this.in = in;
    }

    /// All that came up to `word`, and no more: the event in which it stands may be cut.
    String until(String word) {
      try {
        // A byte a character, among which words of ASCII are what they are.
        StringBuilder seen = new StringBuilder(read.toString(ISO_8859_1));
        while (seen.indexOf(word) < 0) {
          int b = in.read();
          if (b < 0) {
            throw new AssertionError("it ended without " + word + ": " + read.toString(UTF_8));
          }
          read.write(b);
          seen.append((char) b);
        }
        return read.toString(UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /// All that came up to the end of the line in which `word` stands.
    String untilLine(String word) {
      until(word);
      try {
        for (int b = in.read(); b >= 0; b = in.read()) {
          read.write(b);
          if (b == '\n') {
            break;
          }
        }
        return read.toString(UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /// What came from the beginning to the end.
    String whole() {
      try {
        in.transferTo(read);
        return read.toString(UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /// The same, of each event its JSON.
    List<JsonNode> toTheEnd() {
      return events(whole());
    }

    @Override
    public void close() {
      try {
        in.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  Stream open(String method, String path, @Nullable String json, String... headers) {
    try {
      HttpResponse<InputStream> answer =
          client.send(
              request(method, path, json, headers), HttpResponse.BodyHandlers.ofInputStream());
      if (answer.statusCode() != 200) {
        throw new AssertionError(
            answer.statusCode() + " " + new String(answer.body().readAllBytes(), UTF_8));
      }
      return new Stream(answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
