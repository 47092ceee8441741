package dev.agentrooms.tools;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A regular expression for the questions that start a workflow.
///
/// The pattern comes from the operator, the text from anybody. `(a+)+$` on forty letters `a` and a
/// `b` would backtrack some 2⁴⁰ times (ReDoS), so reads of the text are counted; beyond a bound it
/// counts as no match.
public final class Match {

  private static final Logger LOG = LoggerFactory.getLogger(Match.class);

  private static final int MAX_LENGTH = 8000;
  // About ten milliseconds. A pattern without nested repetitions reads each character a few times.
  private static final int MAX_READS = 1_000_000;

  private final Pattern pattern;

  private Match(Pattern pattern) {
    this.pattern = pattern;
  }

  /// @throws TemplateError when it is not a valid regular expression
  static Match parse(String text) {
    try {
      // Without it, \b and \w would be limited to Latin letters.
      return new Match(Pattern.compile(text, Pattern.UNICODE_CHARACTER_CLASS));
    } catch (PatternSyntaxException e) {
      throw new TemplateError("is no regular expression: " + e.getDescription());
    } catch (StackOverflowError e) {
      throw new TemplateError("is no regular expression: it is nested too deep");
    }
  }

  /// Whether the pattern is found within the first 8000 characters of `text`.
  boolean finds(String text) {
    String start = text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH);
    try {
      return pattern.matcher(new Metered(start, new Budget(MAX_READS))).find();
    } catch (SpentException | StackOverflowError e) {
      LOG.warn(
          "the pattern {} takes too long with a question of {} characters", pattern, text.length());
      return false;
    }
  }

  @Override
  public String toString() {
    return pattern.pattern();
  }

  private static final class SpentException extends RuntimeException {
    SpentException() {
      super("too many reads", null, false, false);
    }
  }

  private static final class Budget {
    private int left;

    Budget(int left) {
      this.left = left;
    }

    void spend() {
      if (--left < 0) {
        throw new SpentException();
      }
    }
  }

  /// A text with a limited number of character reads, shared by its subsequences.
  private record Metered(CharSequence text, Budget budget) implements CharSequence {

    @Override
    public char charAt(int index) {
      budget.spend();
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return new Metered(text.subSequence(start, end), budget);
    }

    @Override
    public String toString() {
      return text.toString();
    }
  }
}
