package dev.agentrooms.http.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.MalformedJson;
import dev.agentrooms.protocol.SessionId;
import java.net.InetAddress;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The audit log: who did what, from where, on which session and run, and whether they were let;
/// one JSON object a line, by the logger `audit`. Never a token, a question or an answer.
public final class Audit {

  private static final Logger LOG = LoggerFactory.getLogger("audit");

  private static final Pattern PATH =
      Pattern.compile("/api/agent/sessions/([^/]+)(?:/runs/([^/]+))?.*");
  private static final int MAX_READ = 64 * 1024;

  private Audit() {}

  /// A request has been answered.
  ///
  /// @return the answer
  static HttpResponse answered(
      HttpRequest request, Visit visit, HttpResponse response, Access access) {
    if (!LOG.isInfoEnabled()) {
      return response;
    }
    String path = request.getUri().path();
    int status = response.status().intValue();
    ObjectNode line = line(visit, access.from(request).orElse(null), access.now());
    line.put("what", request.method().name() + " " + shown(path));
    JsonNode body = json(response);
    Matcher ids = PATH.matcher(path);
    boolean isNamed = ids.matches();
    put(line, "session_id", isNamed ? ids.group(1) : body.path("session_id").textValue());
    put(line, "run_id", isNamed ? ids.group(2) : body.path("run_id").textValue());
    line.put("outcome", isRefusal(status) ? "refused" : "allowed").put("status", status);
    if (status >= 400) {
      put(line, "why", body.path("title").textValue());
    }
    write(line, access);
    return response;
  }

  /// A socket has asked for a room.
  public static void subscribed(
      Visit visit, @Nullable InetAddress from, String sessionId, Verdict verdict, Access access) {
    if (LOG.isInfoEnabled()) {
      ObjectNode line =
          line(visit, from, access.now()).put("what", "subscribe").put("session_id", sessionId);
      if (verdict instanceof Verdict.Granted) {
        line.put("outcome", "allowed");
      } else {
        line.put("outcome", "refused").put("why", verdict.problem(sessionId).title());
      }
      write(line, access);
    }
  }

  private static void write(ObjectNode line, Access access) {
    LOG.info("{}", line);
    access.trail().add(line);
  }

  private static ObjectNode line(Visit visit, @Nullable InetAddress from, Instant now) {
    ObjectNode line =
        Json.object()
            .put("logger", "audit")
            .put("at", now.truncatedTo(ChronoUnit.MILLIS).toString());
    if (visit instanceof Visit.Known(Caller caller, var _)) {
      line.put("caller", caller.kind());
      put(line, "user", caller.owner());
    } else {
      line.put("caller", "unknown");
    }
    put(line, "from", from == null ? null : from.getHostAddress());
    return line;
  }

  private static void put(ObjectNode line, String name, @Nullable String value) {
    if (value != null) {
      line.put(name, value);
    }
  }

  private static boolean isRefusal(int status) {
    return status == 401 || status == 403 || status == 404;
  }

  // Ids are theirs who have them; the rest of a path is known.
  private static String shown(String path) {
    StringBuilder shown = new StringBuilder();
    for (String part : path.substring(1).split("/", -1)) {
      shown.append('/').append(SessionId.isValid(part) ? part : "?");
    }
    return shown.toString();
  }

  private static JsonNode json(HttpResponse response) {
    try {
      return response.entity() instanceof HttpEntity.Strict whole
              && whole.getData().size() <= MAX_READ
              && whole.getContentType().toString().contains("json")
          ? Json.parse(whole.getData().toArrayUnsafe())
          : Json.object();
    } catch (MalformedJson e) {
      return Json.object();
    }
  }
}
