package dev.agentrooms.adapters;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Json;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/// How a protocol says that something is refused.
public interface Wording {

  /// The body and status; headers that go with the refusal are added to it.
  HttpResponse say(Refusal refusal);

  /// A problem as plain JSON, whose `message` is what clients show that do not know problems.
  Wording PLAIN =
      refusal -> {
        ObjectNode body = refusal.problem().deepCopy();
        return json(refusal.status(), body.put("message", refusal.detail()));
      };

  static HttpResponse json(int status, ObjectNode body) {
    return HttpResponse.create()
        .withStatus(StatusCodes.get(status))
        .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, Json.encode(body)));
  }

  /// The whole answer.
  default HttpResponse answer(Refusal refusal) {
    return with(say(refusal), refusal.headers());
  }

  static HttpResponse with(HttpResponse answer, Refusal.Headers headers) {
    HttpResponse said = answer;
    if (headers.retryAfter() != null) {
      said = said.addHeader(RawHeader.create("Retry-After", headers.retryAfter()));
    }
    if (headers.allow() != null) {
      said = said.addHeader(RawHeader.create("Allow", headers.allow()));
    }
    if (headers.authenticate() != null) {
      said = said.addHeader(RawHeader.create("WWW-Authenticate", headers.authenticate()));
    }
    return said;
  }
}
