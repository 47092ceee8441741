package dev.agentrooms.app;

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
import java.util.function.BooleanSupplier;

/// A client of foreign protocols: HTTP and event streams as they are on the wire.
final class PlainClient implements AutoCloseable {

  private final HttpClient client = HttpClient.newHttpClient();
  private final String base;

  PlainClient(String base) {
    this.base = base;
  }

  /// An answer whose body has been read to its end.
  record Answer(int status, HttpResponse<byte[]> response) {
    JsonNode json() {
      return Json.parse(response.body());
    }

    String text() {
      return new String(response.body(), UTF_8);
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }
  }

  Answer get(String path, String... headers) {
    return answer(request(path, headers).GET().build());
  }

  Answer post(String path, String body, String... headers) {
    return answer(posting(path, body, headers));
  }

  Answer send(String method, String path, String... headers) {
    return answer(
        request(path, headers).method(method, HttpRequest.BodyPublishers.noBody()).build());
  }

  private HttpRequest posting(String path, String body, String... headers) {
    return request(path, headers)
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  private HttpRequest.Builder request(String path, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path));
    return headers.length == 0 ? request : request.headers(headers);
  }

  private Answer answer(HttpRequest request) {
    HttpResponse<byte[]> answer = sent(request, HttpResponse.BodyHandlers.ofByteArray());
    return new Answer(answer.statusCode(), answer);
  }

  private <T> HttpResponse<T> sent(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
    try {
      return client.send(request, handler);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// A stream that is read event by event; closing it hangs up.
  static final class Stream implements AutoCloseable {
    private final InputStream in;
    private final StringBuilder read = new StringBuilder();

    private Stream(InputStream in) {
      this.in = in;
    }

    /// Everything that has come, once it has this in it.
    String until(String text) {
      return until(() -> read.indexOf(text) >= 0);
    }

    /// Everything to the end of the stream.
    String whole() {
      return until(() -> false);
    }

    private String until(BooleanSupplier enough) {
      try {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (!enough.getAsBoolean()) {
          int one = in.read();
          if (one < 0) {
            break;
          }
          bytes.write(one);
          if (one == '\n') {
            read.append(bytes.toString(UTF_8));
            bytes.reset();
          }
        }
        return read.append(bytes.toString(UTF_8)).toString();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
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

  Stream stream(String path, String... headers) {
    return new Stream(
        sent(request(path, headers).GET().build(), HttpResponse.BodyHandlers.ofInputStream())
            .body());
  }

  Stream streamOf(String path, String body, String... headers) {
    return new Stream(
        sent(posting(path, body, headers), HttpResponse.BodyHandlers.ofInputStream()).body());
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

  @Override
  public void close() {
    client.close();
  }
}
