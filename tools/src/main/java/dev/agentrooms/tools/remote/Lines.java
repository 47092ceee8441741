package dev.agentrooms.tools.remote;

import dev.agentrooms.protocol.MalformedJson;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/// Takes bytes, however they are cut, and gives lines of text that are not blank.
final class Lines {

  private final Consumer<String> lines;
  private final int maxLine;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  Lines(Consumer<String> lines, int maxLine) {
    this.lines = lines;
    this.maxLine = maxLine;
  }

  /// @throws MalformedJson when it is not UTF-8, or a line is too long
  void read(ByteBuffer bytes) {
    while (bytes.hasRemaining()) {
      byte b = bytes.get();
      if (b == '\n') {
        end();
      } else if (line.size() >= maxLine) {
        throw new MalformedJson("A line of the stream is too long.");
      } else {
        line.write(b);
      }
    }
  }

  /// What there is of a line is all of it.
  void end() {
    try {
      ByteBuffer whole = ByteBuffer.wrap(line.toByteArray());
      line.reset();
      String text = StandardCharsets.UTF_8.newDecoder().decode(whole).toString();
      if (!text.isBlank()) {
        lines.accept(text);
      }
    } catch (CharacterCodingException e) {
      throw new MalformedJson("The stream is not UTF-8.");
    }
  }
}
