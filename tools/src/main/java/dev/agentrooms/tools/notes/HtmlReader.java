package dev.agentrooms.tools.notes;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.Elements;
import org.jsoup.select.NodeFilter;
import org.jsoup.select.NodeTraversor;
import org.jspecify.annotations.Nullable;

/// The text of an HTML page that is about something: its `main` or `article` where there is one,
/// and never its menus, headers, footers, forms and scripts.
final class HtmlReader implements NodeFilter {

  private static final String NO_TEXT =
      "script, style, noscript, template, nav, header, footer, aside, form, [hidden],"
          + " [role=menu], [role=menubar], [role=navigation], .menu, .navigation, .nav, .navbar";

  private static final Set<String> BOLD = Set.of("b", "strong", "dfn");

  private final Set<Node> silent;
  private final Sections sections = new Sections();
  private final StringBuilder text = new StringBuilder();
  private boolean isBlank = true;
  private final List<String> bold = new ArrayList<>();
  // How many bold elements are open, one in the other, and where the outermost began.
  private int boldDepth;
  private int boldBegin;
  private @Nullable Element heading;
  private @Nullable Element code;

  private HtmlReader(Set<Node> silent) {
    this.silent = silent;
  }

  static Note read(byte[] bytes) {
    Document page = Jsoup.parse(Charsets.decodeHtml(bytes));
    String title = Spaces.collapsed(page.title());
    // Passed over, not removed: each removal would move all that stands behind.
    Set<Node> silent = Collections.newSetFromMap(new IdentityHashMap<>());
    silent.addAll(page.select(NO_TEXT));
    silent.remove(page.body());
    HtmlReader reader = new HtmlReader(silent);
    for (Element part : content(page, silent)) {
      NodeTraversor.filter(reader, part);
      reader.flush();
    }
    return reader.sections.note(title.isEmpty() ? null : title);
  }

  private static List<Element> content(Document page, Set<Node> silent) {
    List<Element> main = heard(page.select("main, [role=main]"), silent);
    if (!main.isEmpty()) {
      return List.of(main.getFirst());
    }
    List<Element> articles = heard(page.select("article:not(article article)"), silent);
    return articles.isEmpty() ? List.of(page.body()) : articles;
  }

  private static List<Element> heard(Elements elements, Set<Node> silent) {
    return elements.stream()
        .filter(
            each -> !silent.contains(each) && each.parents().stream().noneMatch(silent::contains))
        .toList();
  }

  @Override
  public FilterResult head(Node node, int depth) {
    if (silent.contains(node)) {
      return FilterResult.SKIP_ENTIRELY;
    }
    if (node instanceof TextNode part) {
      text.append(part.getWholeText());
      isBlank &= part.isBlank();
    } else if (node instanceof Element element) {
      begin(element);
    }
    return FilterResult.CONTINUE;
  }

  private void begin(Element element) {
    String name = element.normalName();
    if (element.isBlock() || name.equals("br") || isCell(name)) {
      if (!isCell(name)) {
        flush();
      } else if (!isBlank) {
        text.append("; ");
      }
    }
    if (isHeading(name)) {
      heading = element;
    } else if (name.equals("pre")) {
      code = element;
    } else if (BOLD.contains(name) && boldDepth++ == 0) {
      boldBegin = text.length();
    }
  }

  @Override
  public FilterResult tail(Node node, int depth) {
    if (node instanceof Element element) {
      end(element);
    }
    return FilterResult.CONTINUE;
  }

  private void end(Element element) {
    if (element.equals(heading)) {
      String words = Spaces.collapsed(text.toString());
      clear();
      heading = null;
      sections.heading(words);
    } else if (element.isBlock() && !isCell(element.normalName())) {
      flush();
      code = element.equals(code) ? null : code;
    } else if (BOLD.contains(element.normalName()) && --boldDepth == 0) {
      bold.add(Spaces.collapsed(text.substring(boldBegin)));
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
    clear();
  }

  private void clear() {
    text.setLength(0);
    isBlank = true;
    bold.clear();
    boldBegin = 0;
  }
}
