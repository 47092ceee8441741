package dev.agentrooms.mocks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/// Calls the mocks as a tool does: JSON in, JSON out.
final class Tools {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient client = HttpClient.newHttpClient();
  private final Mocks mocks;

  Tools(Mocks mocks) {
    this.mocks = mocks;
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create(mocks.url() + path)).build(), BodyHandlers.ofString());
  }

  HttpResponse<String> post(String path, Map<String, ?> body)
      throws IOException, InterruptedException {
    return post(path, JSON.writeValueAsString(body));
  }

  HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
    return client.send(request(path, body), BodyHandlers.ofString());
  }

  CompletableFuture<HttpResponse<String>> postAsync(String path, Map<String, ?> body)
      throws JsonProcessingException {
    return client.sendAsync(request(path, JSON.writeValueAsString(body)), BodyHandlers.ofString());
  }

  /// The answer to a call that has to go well.
  JsonNode call(String path, Map<String, ?> body) throws IOException, InterruptedException {
    var response = post(path, body);
    if (response.statusCode() != 200) {
      throw new AssertionError(response.statusCode() + ": " + response.body());
    }
    return json(response);
  }

  static JsonNode json(HttpResponse<String> response) throws JsonProcessingException {
    return JSON.readTree(response.body());
  }

  private HttpRequest request(String path, String body) {
    return HttpRequest.newBuilder(URI.create(mocks.url() + path))
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(body))
        .build();
  }
}
