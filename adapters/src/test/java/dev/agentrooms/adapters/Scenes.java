package dev.agentrooms.adapters;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.adapters.Happening.Told;
import dev.agentrooms.adapters.Happening.Written;
import dev.agentrooms.protocol.Json;
import java.util.ArrayList;
import java.util.List;

/// Runs as mappers are told of them, each with what is special about it.
public enum Scenes {
  SUCCESS {
    @Override
    void play(Script run) {
      run.intent();
      run.call("retrieval", "rag_search");
      run.done("retrieval", "rag_search");
      run.ends("Osmosis is a movement of water.");
    }
  },
  FAILED_TOOL {
    @Override
    void play(Script run) {
      run.intent();
      run.call("retrieval", "rag_search");
      run.tell("tool_error", "rag_search", "The tool answered 500.", run.call("retrieval"))
          .put("reason", "http_status")
          .put("duration_ms", 4);
      run.fails("http_status", "The tool answered 500.");
    }
  },
  RETRIED {
    @Override
    void play(Script run) {
      run.intent();
      run.call("retrieval", "rag_search");
      run.tell("tool_retry", "rag_search", "Trying once more.", run.call("retrieval"))
          .put("attempt", 2);
      run.done("retrieval", "rag_search");
      run.ends("Osmosis is a movement of water.");
    }
  },
  LEFT_OUT {
    @Override
    void play(Script run) {
      run.intent();
      run.tell("lookup_skipped", "crm", "Not needed", run.call("lookup"));
      run.tell("start_retrieval", "rag_search", "Searching", run.call("retrieval"))
          .put("input_bytes", 70_000);
      run.tell("retrieval_done", "rag_search", "Searched", run.call("retrieval"))
          .put("duration_ms", 4)
          .put("output_bytes", 90_000);
      run.tell("final_answer", "", "Done", run.outcome("succeeded"))
          .put("text_bytes", 80_000)
          .put("result_url", "/api/agent/sessions/s1/runs/r1")
          .put("result_bytes", 2_000_000);
    }
  },
  CANCELLED {
    @Override
    void play(Script run) {
      run.intent();
      run.call("retrieval", "rag_search");
      run.tell("cancelled", "", "Cancelled: by the user", run.outcome("cancelled"))
          .put("reason", "by the user");
    }
  },
  QUEUED {
    @Override
    void play(Script run) {
      run.tell("queued", "", "Waiting for its turn", Json.object());
      run.tell("cancelled", "", "Cancelled: by the user", run.outcome("cancelled"));
    }
  },
  WRITTEN {
    @Override
    void play(Script run) {
      run.intent();
      run.tell("start_write", "model", "Writing", run.call("write"));
      run.write("write", "Osmosis is ", "a movement ", "of water.");
      run.tell("write_done", "model", "Written", run.call("write"))
          .put("duration_ms", 4)
          .put("text", "Osmosis is a movement of water.");
      run.ends("Osmosis is a movement of water.");
    }
  },
  REWRITTEN {
    @Override
    void play(Script run) {
      run.intent();
      run.tell("start_draft", "model", "Writing", run.call("draft"));
      run.write("draft", "Draft [9] ", "text.");
      run.tell("draft_done", "model", "Written", run.call("draft")).put("duration_ms", 4);
      run.ends("Draft text.");
    }
  },
  ASKED {
    @Override
    void play(Script run) {
      run.intent();
      run.tell("input_required", "", "Send this reply?", run.call("review"))
          .put("input_id", "r1.review.1")
          .put("step", "review")
          .put("kind", "ask")
          .put("prompt", "Send this reply?")
          .put("value", "Hello")
          .put("editable", true)
          .put("expires_at", "2026-11-28T10:00:00Z");
      run.tell("input_received", "", "Approved", run.call("review"))
          .put("input_id", "r1.review.1")
          .put("decision", "approve");
      run.tell("review_done", "", "Reviewed", run.call("review")).put("duration_ms", 4);
      run.ends("Hello");
    }
  };

  public static final String SESSION = "s1";
  public static final String RUN = "r1";

  abstract void play(Script run);

  public List<Happening> happenings() {
    Script run = new Script();
    play(run);
    return run.all;
  }

  /// What has been told of a run so far.
  static final class Script {
    private final List<Happening> all = new ArrayList<>();
    private int told;

    void intent() {
      ObjectNode meta = tell("intent_determined", "", "Understood as answer", Json.object());
      meta.put("intent", "answer").put("question", "What is osmosis?");
    }

    ObjectNode call(String step) {
      return Json.object().put("call_id", RUN + "." + step + ".1").put("title", step);
    }

    ObjectNode outcome(String status) {
      return Json.object().put("status", status).put("duration_ms", 9);
    }

    void call(String step, String tool) {
      tell("start_" + step, tool, "Searching", call(step))
          .set("input", Json.object().put("query", "osmosis"));
    }

    void done(String step, String tool) {
      tell(step + "_done", tool, "Searched", call(step))
          .put("duration_ms", 4)
          .set("output", Json.object().put("chunks", 5));
    }

    void ends(String text) {
      tell("final_answer", "", "Done", outcome("succeeded"))
          .put("text", text)
          .set("result", Json.object().put("answer", text));
    }

    void fails(String reason, String error) {
      tell("final_answer", "", error, outcome("failed")).put("error", error).put("reason", reason);
    }

    void write(String part, String... pieces) {
      long offset = 0;
      for (int i = 0; i < pieces.length; i++) {
        all.add(new Written(part, i, offset, pieces[i]));
        offset += pieces[i].length();
      }
    }

    /// @return the event's `meta`, for more
    ObjectNode tell(String step, String tool, String message, ObjectNode meta) {
      told++;
      ObjectNode event =
          Json.object()
              .put("type", "progress")
              .put("seq", told + 2)
              .put("event_id", RUN + "." + told)
              .put("ts", "2026-11-27T10:00:00.00" + told + "Z")
              .put("session_id", SESSION)
              .put("run_id", RUN)
              .put("step", step);
      if (!tool.isEmpty()) {
        event.put("tool", tool);
      }
      event.put("level", "info").put("message", message).set("meta", meta);
      all.add(new Told(told, "e1", told + 2, event));
      return meta;
    }
  }

  /// The session's messages before the run is told.
  public static List<JsonNode> messages() {
    ArrayNode messages = Json.mapper().createArrayNode();
    messages
        .addObject()
        .put("id", "m-r1-q")
        .put("role", "user")
        .put("text", "What is osmosis?")
        .put("run_id", RUN);
    return List.of(messages.get(0));
  }
}
