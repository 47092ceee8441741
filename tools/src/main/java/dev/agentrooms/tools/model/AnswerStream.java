package dev.agentrooms.tools.model;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.MalformedJson;
import dev.agentrooms.tools.Halves;
import dev.agentrooms.tools.SseParser;
import dev.agentrooms.tools.ToolResult.Reason;
import dev.agentrooms.tools.model.ModelAnswer.Failed;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A streamed answer: takes the bytes of the event stream, gives its text on as it comes, and says
/// in the end what the answer is. Used by one thread at a time.
final class AnswerStream {

  // Names and punctuation around the text of one event.
  private static final int AROUND = 64 * 1024;
  // A character may be written as six bytes.
  private static final int ESCAPED = 6;
  private static final int MAX_TOKENS = 100_000;

  private final AnswerParts parts;
  private final Halves halves = new Halves();
  private final SseParser events;
  private final Consumer<String> text;
  private final Runnable onToken;
  private final @Nullable ApiKey key;
  private int shown;
  private boolean isDone;
  private @Nullable Failed failure;

  /// @param text takes the text, whole characters at a time
  /// @param onToken called for each sign of life of the model
  AnswerStream(int maxSize, Consumer<String> text, Runnable onToken, @Nullable ApiKey key) {
    this.parts = new AnswerParts(maxSize);
    this.events = new SseParser(this::onEvent, Math.min(maxSize, 1 << 26) * ESCAPED + AROUND);
    this.text = text;
    this.onToken = onToken;
    this.key = key;
  }

  void read(ByteBuffer bytes) {
    try {
      events.read(bytes);
    } catch (MalformedJson e) {
      fail(AnswerParts.invalidAnswer(e.detail()));
    }
  }

  /// The connection has no more to say.
  void end() {
    try {
      events.end();
    } catch (MalformedJson e) {
      fail(AnswerParts.invalidAnswer(e.detail()));
    }
    show(halves.end());
  }

  /// Whether nothing more is to be read.
  boolean isOver() {
    return isDone || failure != null;
  }

  /// Whether the answer is complete, though the server may say more about it.
  boolean hasFinished() {
    return isDone || parts.hasFinished();
  }

  ModelAnswer result() {
    if (failure != null) {
      return failure.having(Halves.mended(parts.text().toString()));
    }
    return hasFinished()
        ? parts.judge()
        : Failed.of(Reason.CONNECTION_LOST, "The connection to the model was lost.")
            .having(partial());
  }

  /// What has come so far.
  String partial() {
    return Halves.mended(parts.text().toString());
  }

  private void onEvent(String name, String data) {
    if (isOver()) {
      return;
    }
    if (data.equals("[DONE]")) {
      isDone = true;
      show(halves.end());
      return;
    }
    if (name.equals("error")) {
      fail(ModelErrors.failed(data.getBytes(StandardCharsets.UTF_8), key));
      return;
    }
    JsonNode chunk = Json.parse(data.getBytes(StandardCharsets.UTF_8), MAX_TOKENS);
    if (chunk.hasNonNull("error")) {
      fail(ModelErrors.failed(chunk, key));
      return;
    }
    if (!chunk.isObject()) {
      fail(AnswerParts.invalidAnswer("A part of it is no object."));
      return;
    }
    boolean isToken = parts.add(chunk, "delta");
    if (parts.isTooLarge()) {
      fail(Failed.of(Reason.ANSWER_TOO_LARGE, "The model's answer is too long."));
      return;
    }
    if (isToken) {
      onToken.run();
    }
    String piece = parts.text().substring(shown);
    shown = parts.text().length();
    show(halves.add(piece));
  }

  private void show(String piece) {
    if (!piece.isEmpty()) {
      text.accept(piece);
    }
  }

  private void fail(Failed why) {
    if (failure == null) {
      failure = why;
    }
  }
}
