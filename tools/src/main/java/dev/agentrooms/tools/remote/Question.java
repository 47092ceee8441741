package dev.agentrooms.tools.remote;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/// Something that a remote agent asks a person.
///
/// @param id the agent's own name for it, which goes back with the answer
/// @param tool the tool that it wants to use, if it asks for that
/// @param value what the answer may change
/// @param editable whether it may
/// @param schema of the answer
record Question(
    String id,
    String prompt,
    @Nullable String tool,
    @Nullable JsonNode arguments,
    @Nullable JsonNode value,
    boolean editable,
    @Nullable JsonNode schema) {}
