package dev.agentrooms.tools.notes;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Text from bytes of unknown encoding: UTF-8 if they are valid UTF-8, else UTF-16 if they begin
/// with its byte order mark, else windows-1251.
final class Charsets {

  private static final Charset WINDOWS_1251 = Charset.forName("windows-1251");

  // A meta element declares the encoding within the first bytes of an HTML file.
  private static final int HEAD = 4096;
  private static final Pattern META =
      Pattern.compile(
          "<meta[^>]{0,200}?charset\\s{0,9}=\\s{0,9}[\"']?([\\w.:-]{1,40})",
          Pattern.CASE_INSENSITIVE);

  private Charsets() {}

  static String decode(byte[] bytes) {
    try {
      return withoutMark(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      Charset other = hasUtf16Mark(bytes) ? StandardCharsets.UTF_16 : WINDOWS_1251;
      return withoutMark(new String(bytes, other));
    }
  }

  /// The encoding that the document's own `meta` declares wins, unless a mark says otherwise.
  static String decodeHtml(byte[] bytes) {
    if (!hasUtf16Mark(bytes)) {
      String head = new String(bytes, 0, Math.min(HEAD, bytes.length), StandardCharsets.ISO_8859_1);
      Matcher meta = META.matcher(head);
      if (meta.find()) {
        try {
          Charset declared = Charset.forName(meta.group(1));
          // Readable as ASCII, or the declaration could not have been found.
          if (!declared.name().startsWith("UTF-16") && !declared.name().startsWith("UTF-32")) {
            return withoutMark(new String(bytes, declared));
          }
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
          // A declaration that means nothing is none.
        }
      }
    }
    return decode(bytes);
  }

  private static boolean hasUtf16Mark(byte[] bytes) {
    return bytes.length >= 2
        && ((bytes[0] == (byte) 0xFE && bytes[1] == (byte) 0xFF)
            || (bytes[0] == (byte) 0xFF && bytes[1] == (byte) 0xFE));
  }

  private static String withoutMark(String text) {
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }
}
