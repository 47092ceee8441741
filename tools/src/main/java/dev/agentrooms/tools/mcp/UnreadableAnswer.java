package dev.agentrooms.tools.mcp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A line that is no message, and yet meant as the answer to a request of ours: it is nested too
/// deep, or not UTF-8. Whoever waits for it need not wait until their time is over.
final class UnreadableAnswer {

  private static final int LOOKED_AT = 256;
  private static final String VERSION = "\\s*\"jsonrpc\"\\s*:\\s*\"2\\.0\"\\s*";
  private static final String ID = "\\s*\"id\"\\s*:\\s*(\\d{1,18})\\s*";
  private static final String OUTCOME = "\\s*\"(?:result|error)\"\\s*:";

  // The members of a message have no order; these are what servers write.
  private static final Pattern ID_FIRST =
      Pattern.compile("^\\s*\\{(?:" + VERSION + ",)?" + ID + ",(?:" + VERSION + ",)?" + OUTCOME);
  private static final Pattern ID_LATER =
      Pattern.compile("^\\s*\\{(?:" + VERSION + ",)?" + OUTCOME);
  private static final Pattern ID_LAST =
      Pattern.compile("," + ID + "(?:," + VERSION + ")?\\}\\s*$");

  private UnreadableAnswer() {}

  /// The id of the request, if the line shows it.
  static OptionalLong id(byte[] line) {
    int looked = Math.min(line.length, LOOKED_AT);
    String head = new String(line, 0, looked, ISO_8859_1);
    Matcher first = ID_FIRST.matcher(head);
    if (first.find()) {
      return OptionalLong.of(Long.parseLong(first.group(1)));
    }
    if (!ID_LATER.matcher(head).find()) {
      return OptionalLong.empty();
    }
    Matcher last = ID_LAST.matcher(new String(line, line.length - looked, looked, ISO_8859_1));
    return last.find() ? OptionalLong.of(Long.parseLong(last.group(1))) : OptionalLong.empty();
  }
}
