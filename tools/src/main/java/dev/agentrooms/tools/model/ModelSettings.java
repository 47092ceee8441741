package dev.agentrooms.tools.model;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// @param url base of the API, such as `http://127.0.0.1:11434/v1`
/// @param firstTokenTimeout how long a streamed answer may take to begin
/// @param idleTimeout how long it may be silent after that
/// @param timeout how long an answer may take, with its repair
/// @param maxAnswerSize of the text and the arguments of an answer, in bytes of UTF-8
/// @param maxConcurrent calls at the same time; more wait for their turn
public record ModelSettings(
    URI url,
    String name,
    @Nullable ApiKey key,
    Duration firstTokenTimeout,
    Duration idleTimeout,
    Duration timeout,
    StructuredOutput structuredOutput,
    int maxAnswerSize,
    int maxConcurrent) {

  /// How a model is made to answer in JSON that fits a schema.
  public enum StructuredOutput {
    /// `JSON_SCHEMA` until a server refuses it with 400, from then on `JSON_OBJECT`.
    AUTO,
    /// The server makes sure of it.
    JSON_SCHEMA,
    /// The server makes sure of JSON; the schema is in the prompt.
    JSON_OBJECT
  }

  URI completions() {
    return URI.create(url + "/chat/completions");
  }
}
