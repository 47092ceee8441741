package dev.agentrooms.tools.remote;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.protocol.InvalidField;
import java.util.List;

/// Reads the events of one answer in their order. It decides without doing anything, and remembers
/// what is still incomplete.
interface Mapper {

  /// @throws InvalidField when it is no event of the protocol
  List<Said> map(JsonNode event);
}
