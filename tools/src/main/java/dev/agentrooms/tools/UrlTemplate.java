package dev.agentrooms.tools;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.protocol.Text;
import dev.agentrooms.tools.Template.Part;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// A URL template. Values are percent-encoded, so that each stays within its segment or parameter.
/// Scheme, host and port are literal: a value never changes the host that is called.
final class UrlTemplate {

  private static final String UNRESERVED =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

  private final Template template;

  private UrlTemplate(Template template) {
    this.template = template;
  }

  /// @throws TemplateError when it is not an `http` or `https` URL, or has a placeholder before
  ///     its path
  static UrlTemplate parse(String text) {
    Template template = Template.parse(text);
    boolean isFixed = template.paths().isEmpty();
    if (!isFixed
        && !(template.parts().getFirst() instanceof Part.Literal start
            && start.text().matches("(?i)https?://[^/?#]+[/?].*"))) {
      throw new TemplateError("has a value before its path, where the host is still to be named");
    }
    StringBuilder sample = new StringBuilder();
    for (Part part : template.parts()) {
      sample.append(part instanceof Part.Literal literal ? literal.text() : "x");
    }
    check(sample.toString());
    return new UrlTemplate(template);
  }

  private static void check(String sample) {
    try {
      URI uri = new URI(sample);
      String scheme = uri.getScheme();
      if (scheme == null
          || !(scheme.equalsIgnoreCase("http") || scheme.equalsIgnoreCase("https"))
          || uri.getHost() == null
          || uri.getPort() > 65_535
          || uri.getRawUserInfo() != null
          || uri.getRawFragment() != null) {
        throw new TemplateError("must be an http or https URL, without a user and a fragment");
      }
    } catch (URISyntaxException e) {
      throw new TemplateError("must be an http or https URL, and is \"" + sample + "\"");
    }
  }

  List<ValuePath> paths() {
    return template.paths();
  }

  /// Whether it leads to this host, below this path.
  boolean isBelow(URI base) {
    return template.parts().getFirst() instanceof Part.Literal start
        && (start.text() + "/").startsWith(base + "/");
  }

  /// @throws TemplateError when a value is missing, or would be an empty segment, `.` or `..`
  URI fill(JsonNode values) {
    StringBuilder url = new StringBuilder();
    Segment segment = new Segment();
    for (Part part : template.parts()) {
      switch (part) {
        case Part.Literal literal -> {
          segment.literal(literal.text());
          url.append(literal.text());
        }
        case Part.Place place -> {
          JsonNode value = place.in(values);
          String text =
              value == null ? "" : Template.insert(place.path(), value, UrlTemplate::encoded);
          segment.value(text);
          url.append(text);
        }
      }
    }
    segment.end();
    return URI.create(url.toString());
  }

  /// The path segment being written, and whether it contains a value.
  private static final class Segment {

    private final StringBuilder text = new StringBuilder();
    private boolean hasValue;
    private boolean isInPath = true;

    void literal(String written) {
      for (int i = 0; isInPath && i < written.length(); i++) {
        char c = written.charAt(i);
        if (c == '/' || c == '?') {
          end();
          isInPath = c == '/';
        } else {
          text.append(c);
        }
      }
    }

    void value(String inserted) {
      if (isInPath) {
        text.append(inserted);
        hasValue = true;
      }
    }

    void end() {
      if (hasValue && text.toString().replaceAll("(?i)%2e", ".").matches("\\.{0,2}")) {
        throw new TemplateError("A segment of the URL would be \"" + text + "\"");
      }
      text.setLength(0);
      hasValue = false;
    }
  }

  private static String encoded(JsonNode value) {
    String text = Template.scalarText(value);
    if (!Text.isWellFormed(text)) {
      throw new TemplateError("has half of a surrogate pair");
    }
    StringBuilder encoded = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      if (UNRESERVED.indexOf(b) >= 0) {
        encoded.append((char) b);
      } else {
        encoded.append('%').append("0123456789ABCDEF".charAt((b >> 4) & 15));
        encoded.append("0123456789ABCDEF".charAt(b & 15));
      }
    }
    return encoded.toString();
  }
}
