package dev.agentrooms.tools.notes;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Text of a paragraph of Markdown without its markup: links are their text, images and comments
/// are gone, and what is bold is remembered.
final class InlineMarkup {

  private static final Pattern COMMENT = Pattern.compile("<!--.*?-->", Pattern.DOTALL);
  private static final Pattern IMAGE = Pattern.compile("!\\[[^\\]]{0,500}]\\([^)]{0,2000}\\)");
  private static final Pattern LINK =
      Pattern.compile("\\[([^\\[\\]]{1,500})](?:\\([^)]{0,2000}\\)|\\[[^\\]]{0,200}])");
  private static final Pattern WIKI_LINK =
      Pattern.compile("\\[\\[(?:[^\\]|]{1,500}\\|)?([^\\]|]{1,500})]]");
  private static final Pattern FOOTNOTE = Pattern.compile("\\[\\^[^\\]]{1,50}]:?");
  private static final Pattern TAG = Pattern.compile("</?[A-Za-z][^<>]{0,300}>");
  private static final Pattern BOLD = Pattern.compile("(\\*\\*|__)(?=\\S)(.{1,300}?)(?<=\\S)\\1");
  private static final Pattern EMPHASIS =
      Pattern.compile("(?<![\\w*])\\*(?=[^\\s*])(.{1,300}?)(?<=[^\\s*])\\*(?![\\w*])");
  private static final Pattern UNDERSCORES =
      Pattern.compile(
          "(?<![\\p{L}\\p{N}_])_(?=[^\\s_])(.{1,300}?)(?<=[^\\s_])_(?![\\p{L}\\p{N}_])");
  private static final Pattern CODE = Pattern.compile("`{1,2}([^`]{1,300})`{1,2}");
  private static final Pattern STRUCK = Pattern.compile("~~(.{1,300}?)~~");
  private static final Pattern ESCAPE = Pattern.compile("\\\\([\\\\`*_{}\\[\\]()#+.!|<>~-])");

  private InlineMarkup() {}

  static Passage of(String markdown) {
    String text = COMMENT.matcher(markdown).replaceAll("");
    text = IMAGE.matcher(text).replaceAll("");
    text = WIKI_LINK.matcher(text).replaceAll("$1");
    text = LINK.matcher(text).replaceAll("$1");
    text = FOOTNOTE.matcher(text).replaceAll("");
    text = TAG.matcher(text).replaceAll("");
    List<String> bold = new ArrayList<>();
    Matcher marked = BOLD.matcher(text);
    StringBuilder plain = new StringBuilder();
    while (marked.find()) {
      bold.add(withoutMarks(marked.group(2)));
      marked.appendReplacement(plain, Matcher.quoteReplacement(marked.group(2)));
    }
    marked.appendTail(plain);
    return new Passage(withoutMarks(plain.toString()), bold, true);
  }

  private static String withoutMarks(String text) {
    String bare = CODE.matcher(text).replaceAll("$1");
    bare = EMPHASIS.matcher(bare).replaceAll("$1");
    bare = UNDERSCORES.matcher(bare).replaceAll("$1");
    bare = STRUCK.matcher(bare).replaceAll("$1");
    return Spaces.collapsed(ESCAPE.matcher(bare).replaceAll("$1"));
  }
}
