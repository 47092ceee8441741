package dev.agentrooms.adapters;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.adapters.Happening.Told;
import dev.agentrooms.adapters.Happening.Written;
import dev.agentrooms.protocol.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Runs of every kind, as a mapper is given them.
public final class TestRuns {

  private final List<Happening> happenings = new ArrayList<>();
  private final Map<String, Integer> pieces = new LinkedHashMap<>();
  private final Map<String, Long> offsets = new LinkedHashMap<>();

  private TestRuns() {}

  /// @param steps of the plan, between `intent_determined` and `final_answer`
  private TestRuns begin(String intent, String... steps) {
    ObjectNode meta = Json.object().put("intent", intent);
    var plan = meta.putArray("steps").add("intent_determined");
    List.of(steps).forEach(plan::add);
    plan.add("final_answer");
    return told("intent_determined", null, "Understood as " + intent, meta);
  }

  private TestRuns told(String step, @Nullable String tool, String message, JsonNode meta) {
    int n = 1 + (int) happenings.stream().filter(Told.class::isInstance).count();
    ObjectNode event =
        Json.object()
            .put("type", "progress")
            .put("seq", 10 + n)
            .put("event_id", "r1." + n)
            .put("ts", "2026-11-22T10:00:0" + Math.min(n, 9) + ".500Z")
            .put("session_id", "s1")
            .put("run_id", "r1")
            .put("step", step);
    if (tool != null) {
      event.put("tool", tool);
    }
    event.put("level", "info").put("message", message).set("meta", meta);
    happenings.add(new Told(n, "e1", 10 + n, event));
    return this;
  }

  private TestRuns start(String step, String call, String tool, String input) {
    return told(
        "start_" + step, tool, "Doing", meta("{'call_id':'r1.%s','input':%s}", call, input));
  }

  private TestRuns done(String step, String call, String tool, String output) {
    return told(
        step + "_done",
        tool,
        "Did",
        meta("{'call_id':'r1.%s','duration_ms':12,'output':%s}", call, output));
  }

  private TestRuns writes(String part, String text) {
    int index = pieces.merge(part, 1, Integer::sum) - 1;
    long offset = offsets.getOrDefault(part, 0L);
    offsets.put(part, offset + text.codePointCount(0, text.length()));
    happenings.add(new Written(part, index, offset, text));
    return this;
  }

  private TestRuns succeeds(String text) {
    return told(
        "final_answer",
        null,
        "Done",
        meta("{'status':'succeeded','result':{'answer':1},'text':'%s'}", text));
  }

  /// JSON with single quotes, each `%s` of which is the next value.
  private static JsonNode meta(String json, String... values) {
    String filled = json;
    for (String value : values) {
      int at = filled.indexOf("%s");
      filled = filled.substring(0, at) + value + filled.substring(at + 2);
    }
    return Json.parse(filled.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  public static List<Happening> of(String name) {
    return Objects.requireNonNull(all().get(name));
  }

  /// Each by its name.
  public static Map<String, List<Happening>> all() {
    Map<String, TestRuns> runs = new LinkedHashMap<>();
    runs.put(
        "succeeded",
        new TestRuns()
            .begin("create_quiz", "start_search", "search_done", "start_write", "write_done")
            .start("search", "search.1", "rag_search", "{'query':'cells'}")
            .done("search", "search.1", "rag_search", "{'chunks':[]}")
            .start("write", "write.1", "generate_exam", "{'topic':'cells'}")
            .done("write", "write.1", "generate_exam", "'three questions'")
            .succeeds("Quiz: cells"));
    runs.put(
        "failed",
        new TestRuns()
            .begin("answer", "start_search", "search_done")
            .start("search", "search.1", "rag_answer", "{'query':'cells'}")
            .told(
                "tool_error",
                "rag_answer",
                "The service answered 500.",
                meta("{'call_id':'r1.search.1','reason':'http_status','status':500}"))
            .told(
                "final_answer",
                null,
                "rag_answer failed.",
                meta("{'status':'failed','error':'rag_answer failed.'}")));
    runs.put(
        "retried",
        new TestRuns()
            .begin("answer", "start_search", "search_done")
            .start("search", "search.1", "rag_answer", "{'query':'cells'}")
            .told(
                "tool_retry",
                "rag_answer",
                "Refused. Trying once more.",
                meta("{'call_id':'r1.search.1','reason':'refused','attempt':2}"))
            .done("search", "search.1", "rag_answer", "{'answer':'a'}")
            .succeeds("a"));
    runs.put(
        "cancelled",
        new TestRuns()
            .begin("answer", "start_search", "search_done")
            .start("search", "search.1", "rag_answer", "{'query':'cells'}")
            .told(
                "cancelled",
                null,
                "Cancelled: by a client",
                meta("{'status':'cancelled','reason':'by a client'}")));
    runs.put(
        "cancelled_in_text",
        new TestRuns()
            .begin("mail", "start_draft", "draft_done")
            .start("draft", "draft.1", "model", "{}")
            .writes("draft", "Dear ")
            .told(
                "cancelled",
                null,
                "Cancelled: by a client",
                meta("{'status':'cancelled','part':'draft','partial_text':'Dear ','cuts':[]}")));
    runs.put(
        "queued",
        new TestRuns()
            .told("queued", null, "Waiting for its turn", meta("{}"))
            .begin("answer")
            .succeeds("a"));
    runs.put(
        "written",
        new TestRuns()
            .begin("mail", "start_draft", "draft_done")
            .start("draft", "draft.1", "model", "{'prompt':'Write'}")
            .writes("draft", "Dear ")
            .writes("draft", "Ann,")
            .writes("draft", " \uD83D\uDE42!")
            .told(
                "draft_done",
                "model",
                "Did",
                meta(
                    "{'call_id':'r1.draft.1','duration_ms':9,'part':'draft','cuts':[5,9],"
                        + "'text':'Dear Ann, \uD83D\uDE42!'}"))
            .told(
                "final_answer",
                null,
                "Done",
                meta(
                    "{'status':'succeeded','text':'Dear Ann, \uD83D\uDE42!',"
                        + "'usage':{'input_tokens':70,'output_tokens':9}}")));
    runs.put(
        "agent",
        new TestRuns()
            .begin("research", "start_work", "work_done")
            .start("work", "work", "model", "{}")
            .writes("work", "Let me see.")
            .told(
                "start_tool_call",
                "rag_search",
                "Calling",
                meta(
                    "{'call_id':'r1.work.2','tool':'rag_search','turn':1,'part':'work',"
                        + "'text':'Let me see.','arguments':{'query':'x'}}"))
            .told("reading", "rag_search", "Reads page 2", meta("{'call_id':'r1.work.2','page':2}"))
            .told(
                "tool_call_done",
                "rag_search",
                "No such page",
                meta("{'call_id':'r1.work.2','tool':'rag_search','duration_ms':3,'failed':true}"))
            .writes("work.2", "It ")
            .writes("work.2", "is so.")
            .told(
                "work_done",
                "model",
                "Did",
                meta(
                    "{'call_id':'r1.work','duration_ms':9,'part':'work.2','cuts':[3],"
                        + "'text':'It is so.','output_bytes':90000}"))
            .succeeds("It is so."));
    runs.put(
        "asked",
        new TestRuns()
            .begin("mail", "start_draft", "draft_done", "start_send", "send_done")
            .start("draft", "draft.1", "model", "{}")
            .writes("draft", "Dear Ann")
            .told(
                "draft_done",
                "model",
                "Did",
                meta(
                    "{'call_id':'r1.draft.1','duration_ms':9,'part':'draft','cuts':[],"
                        + "'text':'Dear Ann'}"))
            .start("send", "send.1", "send_reply", "{'text':'Dear Ann'}")
            .told(
                "input_required",
                "send_reply",
                "Send it?",
                meta(
                    "{'call_id':'r1.send.1','input_id':'r1.input.1','step':'send',"
                        + "'kind':'approve','prompt':'Send it?','tool':'send_reply',"
                        + "'arguments':{'text':'Dear Ann'}}"))
            .told(
                "input_received",
                "send_reply",
                "Approved",
                meta("{'call_id':'r1.send.1','input_id':'r1.input.1','decision':'approve'}"))
            .done("send", "send.1", "send_reply", "{}")
            .succeeds("Sent."));
    runs.put(
        "rejected",
        new TestRuns()
            .begin("mail", "start_review", "review_done")
            .start("review", "review.1", "ask", "{}")
            .told(
                "input_required",
                null,
                "Good?",
                meta(
                    "{'call_id':'r1.review.1','input_id':'r1.input.1','step':'review',"
                        + "'kind':'ask','prompt':'Good?','value':'Dear Ann'}"))
            .told(
                "input_received",
                null,
                "Rejected",
                meta(
                    "{'call_id':'r1.review.1','input_id':'r1.input.1','decision':'reject',"
                        + "'comment':'too short'}"))
            .told(
                "final_answer",
                null,
                "Rejected: too short",
                meta("{'status':'failed','error':'Rejected: too short','reason':'rejected'}")));
    runs.put(
        "crashed",
        new TestRuns()
            .begin("mail", "start_draft", "draft_done")
            .start("draft", "draft.1", "model", "{}")
            .told(
                "tool_retry",
                "model",
                "The server was restarted. Calling again.",
                meta("{'call_id':'r1.draft.1','reason':'server_restarted','part':'draft'}"))
            .writes("draft-2", "Dear Ann")
            .told(
                "draft_done",
                "model",
                "Did",
                meta(
                    "{'call_id':'r1.draft.1','duration_ms':9,'part':'draft-2','cuts':[],"
                        + "'text':'Dear Ann'}"))
            .succeeds("Dear Ann"));
    Map<String, List<Happening>> all = new LinkedHashMap<>();
    runs.forEach((name, run) -> all.put(name, List.copyOf(run.happenings)));
    return all;
  }
}
