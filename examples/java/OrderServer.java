import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.agentrooms.embedded.AgentRooms;
import java.util.Map;

/// A server with a tool and a workflow in Java: `price` looks a price up, and the workflow `order`
/// answers with it.
public final class OrderServer {

  private static final String SCHEMA =
      """
      { "type": "object", "required": ["sku"], "properties": { "sku": { "type": "string" } } }
      """;

  private static final Map<String, Integer> PRICES = Map.of("tea", 4, "coffee", 6);

  public static AgentRooms start(Config settings) {
    return AgentRooms.builder()
        .config(settings)
        .tool(
            "price",
            SCHEMA,
            (arguments, context) -> {
              String sku = arguments.path("sku").asText();
              context.progress("Looks " + sku + " up", Map.of("prices", PRICES.size()));
              if (!PRICES.containsKey(sku)) {
                throw new IllegalArgumentException("there is no " + sku);
              }
              return Map.of("sku", sku, "euros", PRICES.get(sku));
            })
        .workflow(
            "order",
            w ->
                w.description("Says what something costs")
                    .tool("price", Map.of("sku", "{{input.sku}}"))
                    .result(Map.of("text", "{{steps.price.sku}} costs {{steps.price.euros}} euros")))
        .start();
  }

  public static void main(String[] args) throws InterruptedException {
    try (AgentRooms rooms = start(ConfigFactory.empty())) {
      System.out.println("http://" + rooms.webUi().getAuthority() + "/?session=orders");
      Thread.currentThread().join();
    }
  }
}
