package dev.agentrooms.http.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.MalformedJson;
import java.net.InetAddress;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.jspecify.annotations.Nullable;

/// What the web UI tells the agent of a request that it passes on: who sent it, and from what
/// address. The agent believes it by what both share ([Trust]), and from nobody else.
record PassedOn(Trust trust) {

  static final String CALLER = "X-Agent-Rooms-Caller";
  private static final String FROM = "X-Agent-Rooms-From";
  private static final String TRUST = "X-Agent-Rooms-Trust";

  /// The headers that say it. A caller's own token goes along, for an agent in another process that
  /// shares no token with the web UI.
  Map<String, String> headers(Visit visit, @Nullable InetAddress from) {
    Map<String, String> headers = new LinkedHashMap<>();
    if (from != null) {
      headers.put(FROM, from.getHostAddress());
    }
    if (visit instanceof Visit.Known(Caller caller, String token)
        && !(caller instanceof Caller.Anyone)) {
      headers.put(CALLER, Base64.getUrlEncoder().encodeToString(Json.encode(json(caller))));
      if (token != null) {
        headers.put("Authorization", "Bearer " + token);
      }
    }
    if (!headers.isEmpty()) {
      headers.put(TRUST, trust.told());
    }
    return headers;
  }

  /// The caller that a web UI of ours has told; empty when there is none, or a stranger says so.
  Optional<Caller> read(HttpRequest request) {
    try {
      Optional<String> told = told(request, CALLER);
      return told.isEmpty()
          ? Optional.empty()
          : caller(Json.parse(Base64.getUrlDecoder().decode(told.get())));
    } catch (MalformedJson | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /// The address that a web UI of ours has told; empty as above.
  Optional<InetAddress> from(HttpRequest request) {
    return told(request, FROM).flatMap(TrustedProxies::literal);
  }

  private Optional<String> told(HttpRequest request, String header) {
    Optional<String> told = request.getHeader(header).map(HttpHeader::value);
    return told.isPresent()
            && request.getHeader(TRUST).map(HttpHeader::value).filter(trust::isOurs).isPresent()
        ? told
        : Optional.empty();
  }

  private static ObjectNode json(Caller caller) {
    ObjectNode json = Json.object();
    Instant until = caller.expiry();
    if (until != null) {
      json.put("until", until.getEpochSecond());
    }
    switch (caller) {
      case Caller.Anyone anyone -> {}
      case Caller.User user -> json.put("user", user.id()).put("scope", user.scope().word());
      case Caller.Link link -> {
        json.put("session_id", link.sessionId()).put("scope", link.scope().word());
        if (link.maker() != null) {
          json.put("user", link.maker());
        }
        if (link.of() != null) {
          json.put("of", link.of());
        }
      }
    }
    return json;
  }

  private static Optional<Caller> caller(JsonNode json) {
    @Nullable Instant until =
        json.has("until") ? Instant.ofEpochSecond(json.path("until").asLong()) : null;
    @Nullable String user = json.path("user").textValue();
    String sessionId = json.path("session_id").textValue();
    return Scope.of(json.path("scope").asText())
        .flatMap(
            scope ->
                sessionId != null && until != null
                    ? Optional.of(
                        new Caller.Link(sessionId, scope, user, json.path("of").textValue(), until))
                    : user == null
                        ? Optional.empty()
                        : Optional.of(new Caller.User(user, scope, until)));
  }
}
