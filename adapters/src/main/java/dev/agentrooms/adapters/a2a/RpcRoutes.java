package dev.agentrooms.adapters.a2a;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.adapters.Wording;
import dev.agentrooms.adapters.a2a.Failure.Reason;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.webui.Doors;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.Route;

/// A2A over JSON-RPC: `POST /a2a`. What is wrong is told in 200, save for who may not come in.
final class RpcRoutes extends A2aEdge {

  private static final Wording WORDING =
      refusal ->
          switch (refusal.status()) {
            case 401, 403, 404, 405 -> Wording.json(refusal.status(), Failure.of(refusal).http());
            default -> failed(NullNode.getInstance(), Failure.of(refusal));
          };

  RpcRoutes(Doors doors) {
    super(doors, WORDING);
  }

  Route routes() {
    return protocol(post(() -> object(this::call)));
  }

  private Route call(ObjectNode call) {
    JsonNode id = call.hasNonNull("id") ? call.get("id") : NullNode.getInstance();
    boolean isCall =
        call.path("jsonrpc").asText().equals("2.0")
            && call.path("method").isTextual()
            && (id.isTextual() || id.isNumber());
    if (!isCall) {
      Failure why = new Failure(Reason.INVALID_REQUEST, "It is no request of JSON-RPC 2.0.");
      return complete(failed(id.isContainerNode() ? NullNode.getInstance() : id, why));
    }
    JsonNode params = call.hasNonNull("params") ? call.get("params") : Json.object();
    Operation operation =
        params instanceof ObjectNode object
            ? Operation.of(call.path("method").textValue(), object)
            : Operation.wrong(Reason.INVALID_PARAMS, "params must be an object");
    return perform(operation, new Rpc(id));
  }

  private record Rpc(JsonNode id) implements Binding {
    @Override
    public HttpResponse result(ObjectNode result) {
      return Wording.json(200, update(result));
    }

    @Override
    public HttpResponse failed(Failure why) {
      return RpcRoutes.failed(id, why);
    }

    @Override
    public ObjectNode update(ObjectNode update) {
      return said(id).set("result", update);
    }
  }

  private static HttpResponse failed(JsonNode id, Failure why) {
    return Wording.json(200, said(id).set("error", why.rpc()));
  }

  private static ObjectNode said(JsonNode id) {
    return Json.object().put("jsonrpc", "2.0").set("id", id);
  }
}
