package dev.agentrooms.http;

import org.apache.pekko.http.javadsl.model.AttributeKey;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/// Marks a HEAD request, which routes see as a GET: for a route to which reading is an act.
public final class HeadOnly {

  private static final AttributeKey<Boolean> KEY = AttributeKey.create("head", Boolean.class);

  private HeadOnly() {}

  public static HttpRequest on(HttpRequest request) {
    return request.addAttribute(KEY, true);
  }

  public static boolean is(HttpRequest request) {
    return request.getAttribute(KEY).isPresent();
  }
}
