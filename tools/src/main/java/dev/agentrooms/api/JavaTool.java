package dev.agentrooms.api;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A tool that is written in Java. Immutable: each method gives another one.
public final class JavaTool {

  private final String name;
  private final String schema;
  private final ToolFunction function;
  private final @Nullable String title;
  private final @Nullable String description;
  private final @Nullable Duration timeout;
  private final boolean idempotent;
  private final boolean approve;

  private JavaTool(
      String name,
      String schema,
      ToolFunction function,
      @Nullable String title,
      @Nullable String description,
      @Nullable Duration timeout,
      boolean idempotent,
      boolean approve) {
    this.name = name;
    this.schema = schema;
    this.function = function;
    this.title = title;
    this.description = description;
    this.timeout = timeout;
    this.idempotent = idempotent;
    this.approve = approve;
  }

  /// @param name 1 to 41 of `a-z0-9_`, the first a letter
  /// @param schema JSON Schema of the arguments, as text, such as
  ///     `{"type":"object","required":["sku"],"properties":{"sku":{"type":"string"}}}`
  public static JavaTool of(String name, String schema, ToolFunction function) {
    return new JavaTool(
        Objects.requireNonNull(name, "the tool has no name"),
        Objects.requireNonNull(schema, "the tool has no schema"),
        Objects.requireNonNull(function, "the tool has no function"),
        null,
        null,
        null,
        false,
        false);
  }

  /// What a step that calls it is about, in a few words.
  public JavaTool title(String words) {
    return new JavaTool(name, schema, function, words, description, timeout, idempotent, approve);
  }

  /// What it is for, for a model that may choose it.
  public JavaTool description(String text) {
    return new JavaTool(name, schema, function, title, text, timeout, idempotent, approve);
  }

  /// How long a call may take, in place of `agent.tools.timeout`.
  public JavaTool timeout(Duration limit) {
    return new JavaTool(name, schema, function, title, description, limit, idempotent, approve);
  }

  /// A second call has no further effect, so that it may be made after a time-out or a crash.
  public JavaTool idempotent() {
    return new JavaTool(name, schema, function, title, description, timeout, true, approve);
  }

  /// A person must agree to each call.
  public JavaTool approve() {
    return new JavaTool(name, schema, function, title, description, timeout, idempotent, true);
  }

  public String name() {
    return name;
  }

  public String schema() {
    return schema;
  }

  public ToolFunction function() {
    return function;
  }

  public @Nullable String title() {
    return title;
  }

  public @Nullable String description() {
    return description;
  }

  public @Nullable Duration timeout() {
    return timeout;
  }

  public boolean isIdempotent() {
    return idempotent;
  }

  public boolean asksFirst() {
    return approve;
  }
}
