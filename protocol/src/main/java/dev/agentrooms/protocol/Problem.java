package dev.agentrooms.protocol;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// RFC 9457 problem details, the body of every error answer.
///
/// @param type a URI; `about:blank` when the status says what kind of problem it is
/// @param extra further members that help, such as `field` or `session_id`
public record Problem(
    String type,
    String title,
    int status,
    String detail,
    @JsonAnyGetter Map<String, Object> extra) {

  public static final String MEDIA_TYPE = "application/problem+json";

  public Problem {
    extra = Collections.unmodifiableMap(new LinkedHashMap<>(extra));
  }

  public static Problem of(int status, String title, String detail) {
    return new Problem("about:blank", title, status, detail, Map.of());
  }

  public Problem with(String name, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(extra);
    more.put(name, value);
    return new Problem(type, title, status, detail, more);
  }
}
