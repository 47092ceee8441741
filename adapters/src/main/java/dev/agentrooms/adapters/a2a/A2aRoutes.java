package dev.agentrooms.adapters.a2a;

import static org.apache.pekko.http.javadsl.model.StatusCodes.NOT_MODIFIED;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.adapters.AdapterEdge;
import dev.agentrooms.adapters.Wording;
import dev.agentrooms.http.Headers;
import dev.agentrooms.protocol.Fingerprint;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.webui.Doors;
import java.net.URI;
import java.util.List;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.server.Route;

/// The agent card, and both bindings that it names.
public final class A2aRoutes extends AdapterEdge {

  private static final String KEEP = "max-age=60";

  private final RpcRoutes rpc;
  private final HttpRoutes http;

  public A2aRoutes(Doors doors) {
    super(doors, Wording.PLAIN);
    this.rpc = new RpcRoutes(doors);
    this.http = new HttpRoutes(doors);
  }

  public Route routes() {
    return concat(
        pathPrefix(".well-known", () -> path("agent-card.json", () -> protocol(get(this::card)))),
        pathPrefix("a2a", () -> concat(pathEndOrSingleSlash(rpc::routes), http.routes())));
  }

  private Route card() {
    return extractRequest(
        request ->
            onSuccess(
                agent.workflows(),
                answer -> {
                  JsonNode found = answer.found();
                  JsonNode workflows = found == null ? Json.object() : found.path("workflows");
                  return complete(
                      cached(request, AgentCard.of(base(request), workflows, !access.isOpen())));
                }));
  }

  // It changes with the server's settings only.
  private HttpResponse cached(HttpRequest request, ObjectNode card) {
    String tag = "\"" + Fingerprint.of(card) + "\"";
    HttpResponse answer =
        Headers.isKnown(request, tag)
            ? HttpResponse.create().withStatus(NOT_MODIFIED)
            : Wording.json(200, card);
    return answer
        .addHeader(RawHeader.create("ETag", tag))
        .addHeader(RawHeader.create("Cache-Control", KEEP));
  }

  private String base(HttpRequest request) {
    URI named = doors.publicUrl();
    if (named != null) {
      String url = named.toString();
      return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }
    List<String> hosts = Headers.values(request, "host");
    String scheme = request.getUri().getScheme();
    return (scheme.isEmpty() ? "http" : scheme) + "://" + (hosts.isEmpty() ? "" : hosts.getFirst());
  }
}
