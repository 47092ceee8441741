package dev.agentrooms.webui.page;

import dev.agentrooms.http.Headers;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/// The HTML in which the page starts: what is seen before the first script has run, in the language
/// that the browser prefers.
///
/// In `index.html` `{{welcome.title}}` stands for those words, `{{brand.name}}` for the name, and
/// what is between `<!--room-->` and `<!--/room-->` is there only when the address names a session
/// (`welcome`: only when it names none).
final class Shell {

  private static final List<String> LANGUAGES = List.of("en", "ru");
  private static final Pattern WORD =
      Pattern.compile("^ {2}'([^']+)':\\s*'(.*)',$", Pattern.MULTILINE);
  private static final Pattern BLANK = Pattern.compile("\\{\\{([A-Za-z.]+)}}");

  private final Map<String, Map<String, String>> words = new LinkedHashMap<>();
  private final String html;
  private final Map<String, String> brand;
  private final String base;

  /// @param base what `/page/` is replaced by
  /// @param brand by `brand.name` and so on
  Shell(Map<String, byte[]> files, String file, String base, Map<String, String> brand) {
    this.html = PageSource.text(files, file);
    this.base = base;
    this.brand = Map.copyOf(brand);
    for (String language : LANGUAGES) {
      Map<String, String> dictionary = new HashMap<>();
      for (String each : List.of(language, "admin." + language)) {
        WORD.matcher(PageSource.text(files, "app/i18n/" + each + ".js"))
            .results()
            .forEach(found -> dictionary.put(found.group(1), found.group(2).replace("\\'", "'")));
      }
      words.put(language, dictionary);
    }
  }

  /// All its forms, by [#form].
  Map<String, String> forms() {
    Map<String, String> forms = new LinkedHashMap<>();
    for (String language : LANGUAGES) {
      for (boolean room : new boolean[] {false, true}) {
        forms.put(form(language, room), html(language, room));
      }
    }
    return forms;
  }

  private static String form(String language, boolean room) {
    return language + (room ? "-room" : "");
  }

  /// Which form a request gets.
  static String form(HttpRequest request) {
    String language =
        Headers.parts(request, "accept-language")
            .flatMap(tag -> Stream.of(tag.strip().toLowerCase(Locale.ROOT)))
            .flatMap(tag -> LANGUAGES.stream().filter(tag::startsWith))
            .findFirst()
            .orElse(LANGUAGES.getFirst());
    return form(language, request.getUri().query().get("session").isPresent());
  }

  private String html(String language, boolean room) {
    String kept =
        without(html, room ? "welcome" : "room").replaceAll("<!--/?(room|welcome)-->", "");
    Map<String, String> dictionary = words.getOrDefault(language, Map.of());
    return BLANK
        .matcher(kept.replace("\"/page/", "\"" + base))
        .replaceAll(
            found ->
                Matcher.quoteReplacement(escaped(value(found.group(1), language, dictionary))));
  }

  private String value(String name, String language, Map<String, String> dictionary) {
    if (name.equals("language")) {
      return language;
    }
    String value = brand.getOrDefault(name, dictionary.get(name));
    if (value == null) {
      throw new IllegalStateException("there are no words for " + name + " in " + language);
    }
    return value;
  }

  private static String without(String html, String part) {
    return html.replaceAll("(?s)<!--" + part + "-->.*?<!--/" + part + "-->", "");
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
