package dev.agentrooms.adapters;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.StepWords;

/// What a protocol's mapper is given of a run: its events, and between them the text that it
/// writes, in the same pieces and at the same places for everybody who reads or reads again.
public sealed interface Happening {

  /// An event of the run, with its place in the room.
  ///
  /// @param n counts the run's events from 1
  /// @param event as `/api/messages` shows it, with `seq`; it is shared, so that nobody may change
  ///     it
  record Told(int n, String epoch, long seq, ObjectNode event) implements Happening {

    public String step() {
      return event.path("step").asText();
    }

    public String runId() {
      return event.path("run_id").asText();
    }

    public String message() {
      return event.path("message").asText();
    }

    public JsonNode meta() {
      return event.path("meta");
    }

    /// The event with all that says where it is in the room.
    public ObjectNode progress() {
      return event.deepCopy().put("seq", seq).put("epoch", epoch);
    }

    /// Whether the run goes on under a new owner, after a crash: what readers have seen of the text
    /// that was open then is in no replay.
    public boolean isAfterCrash() {
      String reason = meta().path("reason").asText();
      return step().equals(StepWords.TOOL_RETRY) && reason.equals("server_restarted")
          || step().equals(StepWords.TOOL_ERROR) && reason.equals("unknown_outcome");
    }

    /// Whether it is the run's last.
    public boolean isTerminal() {
      return StepWords.isTerminal(step());
    }
  }

  /// A piece of a text that the run writes. All pieces of a part come before the event that says
  /// the whole.
  ///
  /// @param part its name within the run
  /// @param index counts the part's pieces from 0
  /// @param offset code points of the part before this piece
  record Written(String part, int index, long offset, String text) implements Happening {}
}
