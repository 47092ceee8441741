package dev.agentrooms.http.edge;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/// The lines of a request as RFC 9112 and RFC 3986 spell them, where Netty's decoder is more
/// lenient than two parsers in a row can afford: what one of them overlooks, the other may take for
/// the beginning of another request.
final class Grammar {

  /// A field name longer than this is no field's.
  static final int MAX_NAME_BYTES = 256;

  static final int MAX_VALUE_BYTES = 8192;

  private static final BitSet TOKEN = letters("!#$%&'*+-.^_`|~");
  private static final BitSet TARGET = letters("-._~!$&'()*+,;=:@/?%[]");
  private static final String HEX = "0123456789abcdefABCDEF";

  private static final BitSet HOST_NAME = letters("._~!$&'()*+,;=%-");
  private static final BitSet IP_ADDRESS = set("0123456789abcdefABCDEF:.");
  private static final BitSet DIGIT = set("0123456789");

  private Grammar() {}

  /// A line that is none, and the status that it deserves.
  record Fault(int status, String detail) {}

  /// Whether a request may begin with this byte.
  static boolean mayBegin(byte first) {
    return first > 0 && TOKEN.get(first);
  }

  /// `POST /api/agent/run HTTP/1.1`, without its end.
  static @Nullable Fault requestLine(String line) {
    int method = line.indexOf(' ');
    int target = line.indexOf(' ', method + 1);
    if (method < 1 || target < method + 2 || line.indexOf(' ', target + 1) >= 0) {
      return bad("The request line must be a method, a target and a version.");
    }
    if (!isAll(line, 0, method, TOKEN)) {
      return bad("The method is none.");
    }
    if (!isTarget(line.substring(method + 1, target))) {
      return bad("The request target is none.");
    }
    String version = line.substring(target + 1);
    if (version.equals("HTTP/1.1") || version.equals("HTTP/1.0")) {
      return null;
    }
    return bad("The version must be HTTP/1.1 or HTTP/1.0.");
  }

  /// A target holds what a URI may hold; what stands for something else is percent-encoded.
  static boolean isTarget(String target) {
    if (!isAll(target, 0, target.length(), TARGET)) {
      return false;
    }
    for (int i = target.indexOf('%'); i >= 0; i = target.indexOf('%', i + 1)) {
      if (i + 2 >= target.length()
          || HEX.indexOf(target.charAt(i + 1)) < 0
          || HEX.indexOf(target.charAt(i + 2)) < 0) {
        return false;
      }
    }
    return true;
  }

  /// `Host: localhost`, without its end. A line that begins with a blank would continue the one
  /// before it: obsolete folding.
  static @Nullable Fault fieldLine(String line) {
    int colon = line.indexOf(':');
    if (colon < 1 || !isAll(line, 0, colon, TOKEN)) {
      return bad("A header's line must begin with its name and a colon.");
    }
    if (colon > MAX_NAME_BYTES || line.length() - colon > MAX_VALUE_BYTES) {
      return new Fault(431, "A header is too long.");
    }
    for (int i = colon + 1; i < line.length(); i++) {
      if (isControl(line.charAt(i))) {
        return bad("A header's value must not have control characters.");
      }
    }
    return null;
  }

  /// The size in the line before a chunk, -1 when the line is none. What follows a semicolon are
  /// extensions, which mean nothing to us; no blank may stand before them.
  static long chunkSize(String line) {
    int end = line.indexOf(';') < 0 ? line.length() : line.indexOf(';');
    if (end == 0 || end > 8) {
      return -1;
    }
    for (int i = 0; i < end; i++) {
      if (HEX.indexOf(line.charAt(i)) < 0) {
        return -1;
      }
    }
    return isExtensions(line, end) ? Long.parseLong(line, 0, end, 16) : -1;
  }

  /// `;name`, `;name=value` or `;name="quoted"`, any number of them, with blanks between their
  /// parts.
  private static boolean isExtensions(String line, int from) {
    int at = from;
    while (at < line.length()) {
      if (line.charAt(at) != ';') {
        return false;
      }
      int name = afterBlanks(line, at + 1);
      int nameEnd = afterToken(line, name);
      if (nameEnd == name) {
        return false;
      }
      at = afterBlanks(line, nameEnd);
      if (at < line.length() && line.charAt(at) == '=') {
        int value = afterBlanks(line, at + 1);
        int valueEnd = isQuote(line, value) ? afterQuoted(line, value) : afterToken(line, value);
        if (valueEnd <= value) {
          return false;
        }
        at = afterBlanks(line, valueEnd);
      }
    }
    return from == line.length() || !isBlank(line.charAt(line.length() - 1));
  }

  private static int afterBlanks(String line, int from) {
    int at = from;
    while (at < line.length() && isBlank(line.charAt(at))) {
      at++;
    }
    return at;
  }

  private static int afterToken(String line, int from) {
    int at = from;
    while (at < line.length() && TOKEN.get(line.charAt(at))) {
      at++;
    }
    return at;
  }

  /// @return -1 when the quote is not closed
  private static int afterQuoted(String line, int from) {
    for (int at = from + 1; at < line.length(); at++) {
      char c = line.charAt(at);
      if (c == '"') {
        return at + 1;
      }
      if (c == '\\') {
        at++;
      }
      if (at == line.length() || isControl(line.charAt(at))) {
        return -1;
      }
    }
    return -1;
  }

  private static boolean isQuote(String line, int at) {
    return at < line.length() && line.charAt(at) == '"';
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  private static boolean isControl(char c) {
    return (c < ' ' && c != '\t') || c == 0x7f;
  }

  /// `localhost:8150`: a name or an address, and perhaps a port.
  static boolean isHost(String value) {
    int end;
    boolean isNamed;
    if (value.startsWith("[")) {
      end = value.indexOf(']') + 1;
      isNamed = isAll(value, 1, end - 1, IP_ADDRESS);
    } else {
      int colon = value.indexOf(':');
      end = colon < 0 ? value.length() : colon;
      isNamed = isAll(value, 0, end, HOST_NAME);
    }
    return isNamed && (end == value.length() || isPort(value, end));
  }

  /// `:8150`, or a colon alone.
  private static boolean isPort(String value, int colon) {
    int digits = value.length() - colon - 1;
    return value.charAt(colon) == ':'
        && (digits == 0
            || (digits <= 5
                && isAll(value, colon + 1, value.length(), DIGIT)
                && Integer.parseInt(value.substring(colon + 1)) <= 65_535));
  }

  private static Fault bad(String detail) {
    return new Fault(400, detail);
  }

  private static boolean isAll(String text, int from, int to, BitSet allowed) {
    for (int i = from; i < to; i++) {
      if (!allowed.get(text.charAt(i))) {
        return false;
      }
    }
    return from < to;
  }

  private static BitSet letters(String more) {
    BitSet set = set(more);
    set.set('a', 'z' + 1);
    set.set('A', 'Z' + 1);
    set.set('0', '9' + 1);
    return set;
  }

  private static BitSet set(String characters) {
    BitSet set = new BitSet(128);
    characters.chars().forEach(set::set);
    return set;
  }
}
