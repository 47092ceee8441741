package dev.agentrooms.protocol;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/// An API document, as both servers publish it.
public enum ApiDocument {
  /// OpenAPI 3.1: the HTTP endpoints, and all schemas.
  OPENAPI("openapi.json"),
  /// AsyncAPI 3: the messages of WebSocket and event streams.
  ASYNCAPI("asyncapi.json");

  /// What this server calls itself wherever a protocol asks for a version.
  public static final String VERSION =
      Json.parse(OPENAPI.read()).path("info").path("version").asText();

  private final String fileName;

  ApiDocument(String fileName) {
    this.fileName = fileName;
  }

  public String fileName() {
    return fileName;
  }

  /// The document's JSON in UTF-8.
  public byte[] read() {
    try (InputStream in = ApiDocument.class.getResourceAsStream(fileName)) {
      if (in == null) {
        throw new IllegalStateException(fileName + " is missing");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
