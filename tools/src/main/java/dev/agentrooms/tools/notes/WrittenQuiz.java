package dev.agentrooms.tools.notes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.tools.CallObserver;
import dev.agentrooms.tools.ModelTools;
import dev.agentrooms.tools.PromptTemplate;
import dev.agentrooms.tools.Tool;
import dev.agentrooms.tools.ToolResult;
import dev.agentrooms.tools.notes.WrittenQuestion.Verdict;
import java.util.List;

/// Has a model write the questions of a quiz. Those that do not stand up to the notes it is asked
/// for once more; what is missing then is for the rules to make.
final class WrittenQuiz {

  private static final int MOST_PASSAGES = 24;
  private static final int ROUNDS = 2;
  // Twice the most that anybody can ask for.
  private static final int MOST_JUDGED = 100;

  private static final String SYSTEM =
      "You write quiz questions from notes. Each question is about one passage that the user shows,"
          + " and can be understood without it: it does not speak of the passage. It keeps to the"
          + " words of one sentence of it. The right option is one word or a few, and stands in that"
          + " sentence just so, and not in the question. Three wrong options are of the same kind"
          + " and language, different from each other and from the right one, and wrong by all of"
          + " the passages. Write in the language of the passage.";

  private static final ObjectNode SCHEMA =
      (ObjectNode)
          Json.parse(
              """
              {"type": "object", "required": ["questions"], "additionalProperties": false,
               "properties": {"questions": {"type": "array", "items":
                 {"type": "object", "required": ["passage", "question", "right", "wrong"],
                  "additionalProperties": false,
                  "properties": {"passage": {"type": "integer"}, "question": {"type": "string"},
                    "right": {"type": "string"},
                    "wrong": {"type": "array", "items": {"type": "string"}}}}}}}
              """
                  .getBytes(java.nio.charset.StandardCharsets.UTF_8));

  private final Tool model;

  WrittenQuiz(Tool model) {
    this.model = model;
  }

  /// Adds questions to a draft.
  ///
  /// @return what the model used; or why it has not answered
  ToolResult write(NotesCall call, QuizDraft draft) {
    List<Chunk> passages = draft.about().subList(0, Math.min(MOST_PASSAGES, draft.about().size()));
    WrittenQuestion judge = new WrittenQuestion(draft.corpus());
    ObjectNode meta = Json.object();
    StringBuilder refused = new StringBuilder();
    for (int round = 0; round < ROUNDS && draft.missing() > 0 && !passages.isEmpty(); round++) {
      ObjectNode arguments =
          ModelTools.arguments(SYSTEM, prompt(call, draft, passages, refused), SCHEMA.deepCopy());
      ToolResult result = call.ask(model, arguments, CallObserver.NONE);
      if (!(result instanceof ToolResult.Succeeded done)) {
        return result;
      }
      add(meta, done.meta().path("usage"));
      refused.setLength(0);
      int judged = 0;
      for (JsonNode written : done.output().path("questions")) {
        if (draft.missing() <= 0 || judged++ == MOST_JUDGED) {
          break;
        }
        switch (judge.judge(passages, written)) {
          case Verdict.Good(Candidate candidate, List<String> wrong) -> {
            if (draft.takes(candidate)) {
              draft.add(candidate, wrong);
            }
          }
          case Verdict.Bad(String why) ->
              refused.append(written).append("\nRefused: ").append(why).append(".\n");
        }
      }
    }
    return new ToolResult.Succeeded(Json.object(), meta);
  }

  private static String prompt(
      NotesCall call, QuizDraft draft, List<Chunk> passages, CharSequence refused) {
    StringBuilder prompt = new StringBuilder();
    String secret = call.call().runId();
    prompt.append("Write ").append(draft.missing()).append(" questions. The passages:\n");
    int number = 1;
    for (Chunk passage : passages) {
      prompt.append("\n[").append(number++).append(']');
      prompt.append(PromptTemplate.block(secret, "passage", passage.toModel()));
    }
    String topic = call.call().arguments().path("topic").asText();
    prompt.append("\nThe topic:").append(PromptTemplate.block(secret, "topic", topic));
    if (!refused.isEmpty()) {
      prompt.append("\nThese were refused. Write others, or better ones:");
      prompt.append(PromptTemplate.block(secret, "refused", refused.toString()));
    }
    return prompt.toString();
  }

  private static void add(ObjectNode meta, JsonNode usage) {
    if (usage.isObject()) {
      ObjectNode sum = meta.withObject("/usage");
      usage
          .properties()
          .forEach(
              each ->
                  sum.put(
                      each.getKey(), sum.path(each.getKey()).asLong() + each.getValue().asLong()));
    }
  }
}
