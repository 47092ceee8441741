package dev.agentrooms.tools.notes;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.Elements;
import org.jsoup.select.NodeTraversor;
import org.jsoup.select.NodeVisitor;
import org.jspecify.annotations.Nullable;

/// The text of an HTML page that is about something: its `main` or `article` where there is one,
/// and never its menus, headers, footers, forms and scripts.
final class HtmlReader implements NodeVisitor {

  private static final String NO_TEXT =
      "script, style, noscript, template, nav, header, footer, aside, form, [hidden],"
          + " [role=menu], [role=menubar], [role=navigation], .menu, .navigation, .nav, .navbar";

  private static final Set<String> BOLD = Set.of("b", "strong", "dfn");

  private final Sections sections = new Sections();
  private final StringBuilder text = new StringBuilder();
  private final List<String> bold = new ArrayList<>();
  private @Nullable Element heading;
  private @Nullable Element code;

  private HtmlReader() {}

  static Note read(byte[] bytes) {
    Document page = Jsoup.parse(Charsets.decodeHtml(bytes));
    String title = Spaces.collapsed(page.title());
    for (Element element : page.select(NO_TEXT)) {
      if (!element.equals(page.body())) {
        element.remove();
      }
    }
    HtmlReader reader = new HtmlReader();
    for (Element part : content(page)) {
      NodeTraversor.traverse(reader, part);
      reader.flush();
    }
    return reader.sections.note(title.isEmpty() ? null : title);
  }

  private static Elements content(Document page) {
    Elements main = page.select("main, [role=main]");
    if (!main.isEmpty()) {
      return new Elements(main.getFirst());
    }
    Elements articles = page.select("article:not(article article)");
    return articles.isEmpty() ? new Elements(page.body()) : articles;
  }

  @Override
  public void head(Node node, int depth) {
    if (node instanceof TextNode part) {
      text.append(part.getWholeText());
      return;
    }
    if (!(node instanceof Element element)) {
      return;
    }
    String name = element.normalName();
    if (element.isBlock() || name.equals("br") || isCell(name)) {
      if (isCell(name) && !text.toString().isBlank()) {
        text.append("; ");
      } else if (!isCell(name)) {
        flush();
      }
    }
    if (isHeading(name)) {
      heading = element;
    } else if (name.equals("pre")) {
      code = element;
    }
  }

  @Override
  public void tail(Node node, int depth) {
    if (!(node instanceof Element element)) {
      return;
    }
    if (element.equals(heading)) {
      String words = Spaces.collapsed(text.toString());
      text.setLength(0);
      bold.clear();
      heading = null;
      sections.heading(words);
    } else if (element.isBlock() && !isCell(element.normalName())) {
      flush();
      code = element.equals(code) ? null : code;
    } else if (BOLD.contains(element.normalName())) {
      bold.add(Spaces.collapsed(element.text()));
    }
  }

  private static boolean isHeading(String name) {
    return name.length() == 2
        && name.charAt(0) == 'h'
        && name.charAt(1) >= '1'
        && name.charAt(1) <= '6';
  }

  private static boolean isCell(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.equals("td") || lower.equals("th");
  }

  // Within a heading nothing begins anew.
  private void flush() {
    if (heading != null) {
      text.append(' ');
      return;
    }
    String words = code == null ? Spaces.collapsed(text.toString()) : text.toString().strip();
    sections.add(new Passage(words, bold, code == null));
    text.setLength(0);
    bold.clear();
  }
}
