package dev.agentrooms.webui.streams;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Fields;
import dev.agentrooms.protocol.InvalidField;
import dev.agentrooms.protocol.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What a client says of its subscription.
///
/// @param pattern of paths; empty for none
/// @param streams the paths that are named, sorted
/// @param webhook where it is told; null for one whose workers look at `wakeStream`
record SubscriptionConfig(
    String pattern,
    List<String> streams,
    @Nullable String webhook,
    @Nullable String wakeStream,
    long leaseMillis,
    @Nullable String description) {

  private static final long DEFAULT_LEASE = 30_000;
  private static final int MAX_STREAMS = 1000;

  /// @throws InvalidField naming the member that cannot be right
  static SubscriptionConfig of(Fields fields) {
    String type = fields.text("type", 1, 20);
    boolean isWebhook = type.equals("webhook");
    if (!isWebhook && !type.equals("pull-wake")) {
      throw fields.invalid("type", "must be webhook or pull-wake");
    }
    String pattern = fields.optionalText("pattern", 1, 512);
    List<String> streams = paths(fields.value("streams"));
    if (pattern == null && streams.isEmpty()) {
      throw fields.invalid("pattern", "is required where no streams are named");
    }
    Fields webhook = fields.optionalFields("webhook");
    if (isWebhook && webhook == null) {
      throw fields.invalid("webhook", "is required");
    }
    Long lease = fields.optionalLong("lease_ttl_ms", 1_000, 600_000);
    return new SubscriptionConfig(
        pattern == null ? "" : pattern,
        streams,
        isWebhook && webhook != null ? webhook.text("url", 1, 2048) : null,
        isWebhook ? null : StreamPath.checked("wake_stream", fields.text("wake_stream", 1, 512)),
        lease == null ? DEFAULT_LEASE : lease,
        fields.optionalText("description", 0, 1024));
  }

  /// Paths in a JSON array.
  static List<String> paths(@Nullable JsonNode node) {
    if (node == null || node.isNull()) {
      return List.of();
    }
    if (!node.isArray() || node.size() > MAX_STREAMS) {
      throw new InvalidField("streams", "streams must be an array of up to " + MAX_STREAMS);
    }
    TreeSet<String> paths = new TreeSet<>();
    for (JsonNode path : node) {
      if (!path.isTextual()) {
        throw new InvalidField("streams", "streams must be paths of streams");
      }
      paths.add(StreamPath.checked("streams", path.asText()));
    }
    return new ArrayList<>(paths);
  }

  /// As the store keeps it. Two that are the same have the same text.
  String text() {
    return new String(Json.encode(json()), StandardCharsets.UTF_8);
  }

  static SubscriptionConfig ofText(String text) {
    return of(Json.parseObject(text.getBytes(StandardCharsets.UTF_8)));
  }

  ObjectNode json() {
    ObjectNode json = Json.object().put("type", webhook == null ? "pull-wake" : "webhook");
    if (!pattern.isEmpty()) {
      json.put("pattern", pattern);
    }
    if (!streams.isEmpty()) {
      streams.forEach(json.putArray("streams")::add);
    }
    if (webhook != null) {
      json.putObject("webhook").put("url", webhook);
    }
    if (wakeStream != null) {
      json.put("wake_stream", wakeStream);
    }
    json.put("lease_ttl_ms", leaseMillis);
    if (description != null) {
      json.put("description", description);
    }
    return json;
  }
}
