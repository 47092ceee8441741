package dev.agentrooms.agent;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.agent.flow.Agents;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.RunRequest;
import dev.agentrooms.tools.PromptTemplate;
import dev.agentrooms.tools.Schema;
import dev.agentrooms.tools.model.ModelAnswer;
import dev.agentrooms.tools.model.ModelAnswer.Answered;
import dev.agentrooms.tools.model.ModelCall;
import dev.agentrooms.tools.model.ModelClient;
import dev.agentrooms.tools.model.ModelQuery;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Has a model pick the workflow for a question that neither names one nor matches one, from the
/// workflows' descriptions. When the model does not do so in time, the rules do.
///
/// It is asked before the run is accepted, so that what it has picked is recorded with the run.
final class ModelPlanner {

  /// How long a request waits for the model.
  static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(ModelPlanner.class);
  private static final String WORKFLOW = "workflow";

  private final ModelClient model;
  private final Agents agents;
  private final Duration patience;

  ModelPlanner(ModelClient model, Agents agents, Duration patience) {
    this.model = model;
    this.agents = agents;
    this.patience = patience;
  }

  /// The request, with a workflow if the model has picked one.
  CompletionStage<RunRequest> plan(RunRequest run) {
    Map<String, String> choice = agents.choice(run);
    if (choice.size() < 2) {
      return CompletableFuture.completedFuture(run);
    }
    ModelCall call = model.call(query(run.question(), choice), text -> {});
    return call.ended()
        .toCompletableFuture()
        .copy()
        .completeOnTimeout(null, patience.toMillis(), TimeUnit.MILLISECONDS)
        .thenApply(answer -> picked(run, call, answer));
  }

  private static RunRequest picked(RunRequest run, ModelCall call, @Nullable ModelAnswer answer) {
    call.cancel();
    if (answer instanceof Answered answered && answered.json() != null) {
      return run.with(answered.json().path(WORKFLOW).asText());
    }
    LOG.warn(
        "the model has not picked a workflow, so the rules do ({})",
        answer instanceof ModelAnswer.Failed failed ? failed.reason().word() : "timed_out");
    return run;
  }

  private static ModelQuery query(String question, Map<String, String> choice) {
    ObjectNode schema = Json.object().put("type", "object").put("additionalProperties", false);
    schema.putArray("required").add(WORKFLOW);
    var names = schema.putObject("properties").putObject(WORKFLOW).putArray("enum");
    StringBuilder prompt = new StringBuilder("Pick the workflow that fits the question best.\n\n");
    choice.forEach(
        (name, description) -> {
          names.add(name);
          prompt.append("- ").append(name).append(": ").append(description).append('\n');
        });
    return ModelQuery.json(
        PromptTemplate.RULE,
        prompt
            .append(PromptTemplate.block(UUID.randomUUID().toString(), "question", question))
            .toString(),
        Schema.of(schema));
  }
}
