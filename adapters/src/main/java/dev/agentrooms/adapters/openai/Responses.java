package dev.agentrooms.adapters.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.adapters.RunFeed;
import dev.agentrooms.http.Loop;
import dev.agentrooms.protocol.Json;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Source;

/// Runs read as responses: as they are, as they will have ended, and as streams. Everything is
/// derived from the run's events.
final class Responses {

  private final RunFeed runs;

  Responses(RunFeed runs) {
    this.runs = runs;
  }

  private static ResponsesMapper mapper(ResponseId id, JsonNode run) {
    ResponsesMapper mapper =
        new ResponsesMapper(id, Instant.parse(run.path("created_at").asText()));
    if (run.path("status").asText().equals("queued")) {
      mapper.queued();
    }
    return mapper;
  }

  /// The response as it is now.
  ///
  /// @param run its resource
  CompletionStage<ObjectNode> now(ResponseId id, JsonNode run) {
    return read(id, mapper(id, run));
  }

  private CompletionStage<ObjectNode> read(ResponseId id, ResponsesMapper mapper) {
    return runs.past(id.sessionId(), id.runId())
        .thenApply(
            past -> {
              past.forEach(mapper::on);
              return mapper.response();
            });
  }

  /// What a run has called and answered.
  CompletionStage<ArrayNode> output(ResponseId id) {
    return read(id, new ResponsesMapper(id, Instant.EPOCH))
        .thenApply(response -> response.withArray("output"));
  }

  /// The response once its run has ended or waits for a person.
  CompletionStage<ObjectNode> settled(
      ResponseId id, JsonNode run, Loop loop, Materializer materializer) {
    return runs.settling(id.sessionId(), id.runId(), loop)
        .runFold(
            mapper(id, run),
            (mapper, happening) -> {
              mapper.on(happening);
              return mapper;
            },
            materializer)
        .thenApply(ResponsesMapper::response);
  }

  /// A response's events, to the end of its run, and whether that was reached.
  record Feed(Source<ResponseEvents.Event, NotUsed> events, ResponsesMapper mapper) {}

  /// @param after number of the last event that the reader has; -1 for none
  Feed feed(ResponseId id, JsonNode run, long after, Loop loop) {
    ResponsesMapper mapper = mapper(id, run);
    Source<ResponseEvents.Event, NotUsed> events =
        runs.of(id.sessionId(), id.runId(), loop)
            .mapConcat(
                happening -> {
                  List<ResponseEvents.Event> all = mapper.on(happening);
                  return after < 0
                      ? all
                      : all.stream().filter(event -> event.number() > after).toList();
                });
    return new Feed(events, mapper);
  }

  /// What the client has asked in a run.
  static ObjectNode question(ResponseId id, JsonNode run) {
    ArrayNode items = Json.mapper().createArrayNode();
    items.add(Items.question(id.runId(), run.path("question").asText()));
    return Items.list(items, false);
  }
}
