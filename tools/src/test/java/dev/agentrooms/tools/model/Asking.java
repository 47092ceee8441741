package dev.agentrooms.tools.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.agentrooms.protocol.Json;
import dev.agentrooms.tools.Schema;
import dev.agentrooms.tools.ToolClient;
import dev.agentrooms.tools.model.ModelSettings.StructuredOutput;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/// Calls of a model, as the tests make them.
final class Asking {

  static final String KEY = "sk-very-secret-4711";
  static final Duration LONG = Duration.ofSeconds(60);

  private Asking() {}

  static ModelSettings settings(URI url) {
    return new ModelSettings(
        url,
        "test-model",
        new ApiKey(KEY),
        LONG,
        LONG,
        LONG,
        StructuredOutput.AUTO,
        256 * 1024,
        16);
  }

  static ModelSettings limits(URI url, Duration first, Duration idle, Duration total) {
    return new ModelSettings(
        url, "test-model", null, first, idle, total, StructuredOutput.AUTO, 256 * 1024, 16);
  }

  static ModelClient client(URI url) {
    return client(settings(url));
  }

  static ModelClient client(ModelSettings settings) {
    AtomicReference<HttpClient> present = new AtomicReference<>(ToolClient.newHttpClient());
    return new ModelClient(
        settings,
        new ToolClient(present::get, used -> present.set(ToolClient.newHttpClient())),
        System::nanoTime);
  }

  static ModelAnswer ask(ModelClient client, ModelQuery query, StringBuilder text)
      throws Exception {
    return client.call(query, text::append).ended().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  static ModelAnswer ask(ModelClient client) throws Exception {
    return ask(client, ModelQuery.text(null, "Hello?"), new StringBuilder());
  }

  static Schema schema(String json) {
    return Schema.of(Json.parse(json.getBytes(UTF_8)));
  }
}
