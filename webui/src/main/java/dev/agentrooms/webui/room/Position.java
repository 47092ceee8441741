package dev.agentrooms.webui.room;

import org.jspecify.annotations.Nullable;

/// How far a client has read.
///
/// @param epoch the life of the numbering that it means; the present one when null
public record Position(long after, @Nullable String epoch) {}
