package dev.agentrooms.tools;

import static java.lang.Long.parseLong;
import static java.time.Duration.ofMillis;

import dev.agentrooms.protocol.MalformedJson;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Takes the bytes of an event stream, however they are cut, and gives its events.
///
/// Lines end with LF, CR or both, and are decoded when they are complete, so that a character may
/// be cut anywhere. Comments and unknown fields are skipped.
public final class SseParser {

  /// Takes one event.
  public interface Handler {
    /// @param name empty for an event without one
    void event(String name, String data);
  }

  private final Handler handler;
  private final int maxLine;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final StringBuilder data = new StringBuilder();
  private String name = "";
  private String id = "";
  private @Nullable Duration retry;
  private boolean hasData;
  private boolean wasCr;
  private boolean isFirstLine = true;

  /// @param maxLine the longest line, and the longest data of an event, in bytes
  public SseParser(Handler handler, int maxLine) {
    this.handler = handler;
    this.maxLine = maxLine;
  }

  /// @throws MalformedJson when it is not UTF-8, or a line is too long
  public void read(ByteBuffer bytes) {
    while (bytes.hasRemaining()) {
      byte b = bytes.get();
      if (b == '\n' && wasCr) {
        wasCr = false;
        continue;
      }
      wasCr = b == '\r';
      if (b == '\n' || b == '\r') {
        endLine();
      } else if (line.size() + data.length() >= maxLine) {
        throw new MalformedJson("A line of the stream is too long.");
      } else {
        line.write(b);
      }
    }
  }

  /// The stream has ended. A last event without the empty line behind it counts, a last line that
  /// was cut off does not.
  public void end() {
    if (line.size() == 0) {
      dispatch();
    }
  }

  /// The id of the latest event that had one, with which a stream can be resumed; empty for none.
  public String lastId() {
    return id;
  }

  /// The pause that the server asks for before the stream is resumed; null when it does not.
  public @Nullable Duration retry() {
    return retry;
  }

  private void endLine() {
    String text = utf8(line.toByteArray());
    line.reset();
    if (isFirstLine && text.startsWith("\uFEFF")) {
      text = text.substring(1);
    }
    isFirstLine = false;
    if (text.isEmpty()) {
      dispatch();
      return;
    }
    int colon = text.indexOf(':');
    String field = colon < 0 ? text : text.substring(0, colon);
    String value = colon < 0 ? "" : text.substring(colon + 1);
    if (value.startsWith(" ")) {
      value = value.substring(1);
    }
    switch (field) {
      case "data" -> {
        data.append(hasData ? "\n" : "").append(value);
        hasData = true;
      }
      case "event" -> name = value;
      case "id" -> id = value.indexOf('\0') < 0 ? value : id;
      case "retry" -> retry = value.matches("\\d{1,9}") ? ofMillis(parseLong(value)) : retry;
      default -> {
        // Comments, and what is not known.
      }
    }
  }

  private void dispatch() {
    String event = name;
    String text = data.toString();
    boolean isEvent = hasData;
    name = "";
    data.setLength(0);
    hasData = false;
    if (isEvent) {
      handler.event(event, text);
    }
  }

  private static String utf8(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new MalformedJson("The stream is not UTF-8.");
    }
  }
}
