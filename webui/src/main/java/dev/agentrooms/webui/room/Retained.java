package dev.agentrooms.webui.room;

import java.util.List;

/// What a room holds, as far as it was asked for.
///
/// @param firstSeq of all that is retained; 0 when nothing is
/// @param lastSeq of all that is retained; 0 when nothing is
public record Retained(String epoch, long firstSeq, long lastSeq, List<RoomEvent> events)
    implements Reading {}
