package dev.agentrooms.tools.notes;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.tools.CallObserver;
import dev.agentrooms.tools.ModelTools;
import dev.agentrooms.tools.Progress;
import dev.agentrooms.tools.PromptTemplate;
import dev.agentrooms.tools.Tool;
import dev.agentrooms.tools.ToolResult;
import java.util.List;

/// An answer that a model writes of the chunks that a search found, whose numbers are its markers:
/// "Leaves take in red light best. \[2]"
final class WrittenAnswer {

  private static final String SYSTEM =
      "You answer questions from notes. The passages that the user shows are all that you know:"
          + " say what they say, and nothing else. Behind each statement write the number of the"
          + " passage that says it in square brackets, such as [1]; two are [1][2]. When the"
          + " passages do not answer the question, say so in one sentence. Be brief, and answer in"
          + " the language of the question.";

  private final Tool model;

  WrittenAnswer(Tool model) {
    this.model = model;
  }

  /// @param hits what the search found; at least one
  ToolResult of(NotesCall call, String question, List<NotesIndex.Hit> hits) {
    MarkedText text = new MarkedText(hits.size());
    ToolResult result =
        call.ask(
            model,
            ModelTools.arguments(SYSTEM, prompt(call, question, hits), null),
            new CallObserver() {
              @Override
              public void progress(Progress progress) {
                // A model says nothing of its work.
              }

              @Override
              public void delta(String more) {
                call.show(text.add(more));
              }
            });
    if (!(result instanceof ToolResult.Succeeded done)) {
      return result;
    }
    call.show(text.end());
    return text.text().isBlank()
        ? new ToolResult.Failed(
            ToolResult.Reason.INVALID_ANSWER,
            null,
            "The model has named passages, and said nothing.")
        : new ToolResult.Succeeded(result(text, hits), meta(done, text));
  }

  private static String prompt(NotesCall call, String question, List<NotesIndex.Hit> hits) {
    StringBuilder prompt = new StringBuilder("The passages:\n");
    String secret = call.call().runId();
    int number = 1;
    for (NotesIndex.Hit hit : hits) {
      prompt.append("\n[").append(number++).append(']');
      prompt.append(PromptTemplate.block(secret, "passage", hit.chunk().toModel()));
    }
    return prompt
        .append("\nThe question:")
        .append(PromptTemplate.block(secret, "question", question))
        .toString();
  }

  private static ObjectNode result(MarkedText text, List<NotesIndex.Hit> hits) {
    ObjectNode result = Json.object().put("answer", text.text());
    ArrayNode chunks = result.putArray("chunks");
    hits.forEach(hit -> chunks.add(hit.chunk().json(hit.score())));
    ArrayNode citations = result.putArray("citations");
    for (int marker : text.markers()) {
      Chunk chunk = hits.get(marker - 1).chunk();
      citations
          .addObject()
          .put("marker", marker)
          .put("chunk_id", chunk.id())
          .put("source", chunk.source());
    }
    return result;
  }

  private static ObjectNode meta(ToolResult.Succeeded done, MarkedText text) {
    ObjectNode meta = done.meta().deepCopy();
    return text.markers().isEmpty() ? meta.put("ungrounded", true) : meta;
  }
}
