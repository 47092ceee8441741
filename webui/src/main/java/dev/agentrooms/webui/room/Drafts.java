package dev.agentrooms.webui.room;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.protocol.Delta;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.MalformedJson;
import dev.agentrooms.protocol.StepWords;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The texts that are being written in a room. A draft begins with the first piece of its part and
/// ends with the event that says the whole: `draft_done` for the part `draft`, any event that names
/// the part in `meta.part`, or the last event of its run.
///
/// Whoever fills the room's history changes this, on one thread at a time.
final class Drafts {

  /// When there are more, the oldest is given up: nobody has ended it.
  static final int MOST_OPEN = 16;

  private volatile List<Draft> all = List.of();

  /// Those that are being written, and one that ends with the event which is just being added.
  List<Draft> all() {
    return all;
  }

  /// The draft that `delta` goes on with; null when it belongs to none.
  @Nullable Draft find(Delta delta) {
    for (Draft draft : all) {
      if (draft.isOpen() && draft.isOf(delta)) {
        return draft;
      }
    }
    return null;
  }

  Draft begin(Delta first) {
    List<Draft> more = new ArrayList<>(all);
    if (more.size() >= MOST_OPEN) {
      more.removeFirst().giveUp();
    }
    Draft begun = new Draft(first);
    more.add(begun);
    all = List.copyOf(more);
    return begun;
  }

  /// An event is about to be added: the drafts that it ends are read before it.
  void beforeAdding(long seq, EncodedEvent event) {
    if (all.isEmpty()) {
      return;
    }
    JsonNode json = read(event);
    String runId = json.path("run_id").asText();
    String step = json.path("step").asText();
    String part = json.path("meta").path("part").asText();
    for (Draft draft : all) {
      if (draft.isOpen() && draft.runId().equals(runId) && ends(draft.part(), step, part)) {
        draft.endWith(seq);
      }
    }
  }

  private static boolean ends(String draft, String step, String part) {
    return part.equals(draft)
        || step.equals(StepWords.FINAL_ANSWER)
        || step.equals(StepWords.CANCELLED)
        || (step.endsWith("_done") && nameOf(draft).equals(step.substring(0, step.length() - 5)));
  }

  /// The step of a part: `work` of `work.2`.
  private static String nameOf(String part) {
    int end = 0;
    while (end < part.length() && part.charAt(end) != '.' && part.charAt(end) != '-') {
      end++;
    }
    return part.substring(0, end);
  }

  private static JsonNode read(EncodedEvent event) {
    try {
      return Json.parseAnswer(event.json());
    } catch (MalformedJson e) {
      return Json.object();
    }
  }

  /// The event has been added: who comes now does not need the drafts that it has ended.
  void afterAdding() {
    for (Draft draft : all) {
      if (!draft.isOpen()) {
        all = all.stream().filter(Draft::isOpen).toList();
        return;
      }
    }
  }
}
