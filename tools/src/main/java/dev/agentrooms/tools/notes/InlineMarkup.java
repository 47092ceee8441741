package dev.agentrooms.tools.notes;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Text of a paragraph of Markdown without its markup: links are their text, images and comments
/// are gone, and what is bold is remembered. A paragraph may be as long as a file: so what a mark
/// may begin has a length, and ends before the next such mark.
final class InlineMarkup {

  private static final String COMMENT = "<!--";
  private static final String COMMENT_END = "-->";

  // With brackets in it, as in `(https://en.wikipedia.org/wiki/Leaf_(plant))`.
  private static final String TARGET = "\\([^()]{0,2000}+(?:\\([^()]{0,500}+\\)[^()]{0,500}+)?\\)";
  private static final Pattern IMAGE = Pattern.compile("!\\[[^\\[\\]]{0,500}+]" + TARGET);
  private static final Pattern LINK =
      Pattern.compile("\\[([^\\[\\]]{1,500}+)](?:" + TARGET + "|\\[[^\\[\\]]{0,200}+])");
  private static final Pattern WIKI_LINK =
      Pattern.compile("\\[\\[(?:[^\\[\\]|]{1,500}+\\|)?([^\\[\\]|]{1,500}+)]]");
  private static final Pattern FOOTNOTE = Pattern.compile("\\[\\^[^\\]]{1,50}]:?");
  private static final Pattern TAG = Pattern.compile("</?[A-Za-z][^<>]{0,300}+>");
  private static final Pattern BOLD =
      Pattern.compile(
          "\\*\\*(?=\\S)(\\*?[^*]++(?:\\*(?!\\*)[^*]*+)*+)(?<=\\S)\\*\\*"
              + "|__(?=\\S)(_?[^_]++(?:_(?!_)[^_]*+)*+)(?<=\\S)__");
  private static final Pattern EMPHASIS =
      Pattern.compile("(?<![\\w*])\\*(?=[^\\s*])([^*]++)(?<=\\S)\\*(?![\\w*])");
  // Those within a word, as in `snake_case`, are letters of it.
  private static final Pattern UNDERSCORES =
      Pattern.compile(
          "(?<![\\p{L}\\p{N}_])_(?=[^\\s_])"
              + "([^_]++(?:(?<=[\\p{L}\\p{N}])_(?=[\\p{L}\\p{N}])[^_]++)*+)"
              + "(?<=\\S)_(?![\\p{L}\\p{N}_])");
  private static final Pattern CODE = Pattern.compile("`{1,2}([^`]{1,300})`{1,2}");
  private static final Pattern STRUCK = Pattern.compile("~~(.{1,300}?)~~");
  private static final Pattern ESCAPE = Pattern.compile("\\\\([\\\\`*_{}\\[\\]()#+.!|<>~-])");

  private InlineMarkup() {}

  static Passage of(String markdown) {
    String text = IMAGE.matcher(withoutComments(markdown)).replaceAll("");
    text = WIKI_LINK.matcher(text).replaceAll("$1");
    text = LINK.matcher(text).replaceAll("$1");
    text = FOOTNOTE.matcher(text).replaceAll("");
    text = TAG.matcher(text).replaceAll("");
    List<String> bold = new ArrayList<>();
    Matcher marked = BOLD.matcher(text);
    StringBuilder plain = new StringBuilder();
    while (marked.find()) {
      String words = marked.group(1) == null ? marked.group(2) : marked.group(1);
      bold.add(withoutMarks(words));
      marked.appendReplacement(plain, Matcher.quoteReplacement(words));
    }
    marked.appendTail(plain);
    return new Passage(withoutMarks(plain.toString()), bold, true);
  }

  private static String withoutComments(String text) {
    StringBuilder rest = new StringBuilder();
    int from = 0;
    for (int end = commentEnd(text, from); end >= 0; end = commentEnd(text, from)) {
      rest.append(text, from, text.indexOf(COMMENT, from));
      from = end;
    }
    return rest.append(text, from, text.length()).toString();
  }

  // Behind the next one; negative when none is closed.
  private static int commentEnd(String text, int from) {
    int begin = text.indexOf(COMMENT, from);
    int end = begin < 0 ? -1 : text.indexOf(COMMENT_END, begin + COMMENT.length());
    return end < 0 ? -1 : end + COMMENT_END.length();
  }

  private static String withoutMarks(String text) {
    String bare = CODE.matcher(text).replaceAll("$1");
    bare = EMPHASIS.matcher(bare).replaceAll("$1");
    bare = UNDERSCORES.matcher(bare).replaceAll("$1");
    bare = STRUCK.matcher(bare).replaceAll("$1");
    return Spaces.collapsed(ESCAPE.matcher(bare).replaceAll("$1"));
  }
}
