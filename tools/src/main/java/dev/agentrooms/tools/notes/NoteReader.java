package dev.agentrooms.tools.notes;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads a file as what its ending says that it is.
final class NoteReader {

  private static final Logger LOG = LoggerFactory.getLogger(NoteReader.class);

  private enum Format {
    TEXT,
    HTML,
    PDF
  }

  private static final Map<String, Format> BY_ENDING =
      Map.of(
          "md", Format.TEXT,
          "txt", Format.TEXT,
          "html", Format.HTML,
          "htm", Format.HTML,
          "pdf", Format.PDF);

  private NoteReader() {}

  /// Whether files of this name are read at all.
  static boolean isNote(String name) {
    return format(name).isPresent();
  }

  private static Optional<Format> format(String name) {
    int dot = name.lastIndexOf('.');
    return Optional.ofNullable(BY_ENDING.get(name.substring(dot + 1).toLowerCase(Locale.ROOT)))
        .filter(format -> dot > 0);
  }

  /// @param name of the file, with its ending
  /// @throws Unreadable when it is broken
  static Note read(String name, byte[] bytes) throws Unreadable {
    Format format = format(name).orElseThrow();
    try {
      return switch (format) {
        case TEXT -> text(bytes);
        case HTML -> HtmlReader.read(bytes);
        case PDF -> PdfReader.read(bytes);
      };
    } catch (RuntimeException | StackOverflowError e) {
      // What the libraries did not expect of a file from outside.
      LOG.debug("{} cannot be read", name, e);
      throw new Unreadable("cannot be read");
    }
  }

  private static Note text(byte[] bytes) throws Unreadable {
    String text = Charsets.decode(bytes);
    if (text.indexOf('\0') >= 0) {
      throw new Unreadable("is not text");
    }
    return MarkdownReader.read(text);
  }
}
