package dev.agentrooms.tools.remote;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.tools.InputRequest;
import dev.agentrooms.tools.Progress;
import java.util.List;

/// What an event of a remote agent means for the run.
sealed interface Said {

  /// Its text goes on.
  record Text(String more) implements Said {}

  record Happened(Progress progress) implements Said {}

  /// Its work is done.
  ///
  /// @param result JSON's null when it has none besides its text
  record Finished(JsonNode result) implements Said {}

  /// It cannot go on before a person has answered.
  record Asks(List<InputRequest> questions) implements Said {
    public Asks {
      questions = List.copyOf(questions);
    }
  }

  /// @param message its own
  record Failed(String message) implements Said {}
}
