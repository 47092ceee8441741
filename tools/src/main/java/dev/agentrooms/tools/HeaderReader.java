package dev.agentrooms.tools;

import com.typesafe.config.ConfigValue;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads `headers { ... }`.
final class HeaderReader {

  private HeaderReader() {}

  /// Headers by name, whose values are templates.
  static Map<String, Template> read(@Nullable Definition headers) {
    Map<String, Template> templates = new LinkedHashMap<>();
    if (headers == null) {
      return templates;
    }
    for (Map.Entry<String, ConfigValue> header : headers.members()) {
      String name = header.getKey();
      String text = headers.text(name);
      Template value = headers.template(name, Template::parse, text == null ? "" : text);
      String whyNot = HttpTemplate.whyNot(name, value);
      if (whyNot != null) {
        throw headers.mistake(name, whyNot);
      }
      templates.put(name, value);
    }
    return templates;
  }
}
