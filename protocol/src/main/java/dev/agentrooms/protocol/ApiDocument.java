package dev.agentrooms.protocol;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/// A document of the wire, as the servers hand it out.
public enum ApiDocument {
  /// OpenAPI 3.1: what is said over HTTP, and every schema.
  OPENAPI("openapi.json"),
  /// AsyncAPI 3: what is said over WebSocket and event streams.
  ASYNCAPI("asyncapi.json");

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
