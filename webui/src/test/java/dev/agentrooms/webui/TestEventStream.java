package dev.agentrooms.webui;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNullElse;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.protocol.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/// A reader of Server-Sent Events.
public record TestEventStream(HttpResponse<InputStream> answer, BufferedReader lines)
    implements AutoCloseable {

  /// @param name what stands behind `event:`
  public record Sent(@Nullable String id, String name, String data) {

    public JsonNode json() {
      return Json.parse(data.getBytes(UTF_8));
    }
  }

  public static TestEventStream of(HttpResponse<InputStream> answer) {
    return new TestEventStream(
        answer, new BufferedReader(new InputStreamReader(answer.body(), UTF_8)));
  }

  /// The next line as it is; null at the end.
  public @Nullable String line() throws IOException {
    return lines.readLine();
  }

  /// The next event; comments are skipped.
  public Sent next() throws IOException {
    String id = null;
    String name = "message";
    String data = "";
    while (true) {
      String line = line();
      assertThat(line).as("an event").isNotNull();
      line = requireNonNullElse(line, "");
      if (line.startsWith("id: ")) {
        id = line.substring(4);
      } else if (line.startsWith("event: ")) {
        name = line.substring(7);
      } else if (line.startsWith("data: ")) {
        data = line.substring(6);
      } else if (line.isEmpty() && !data.isEmpty()) {
        return new Sent(id, name, data);
      }
    }
  }

  @Override
  public void close() throws IOException {
    answer.body().close();
  }
}
