package dev.agentrooms.webui.room;

import java.util.Map;
import java.util.function.LongSupplier;

/// What the rooms of one node share.
///
/// @param here the rooms that this node holds, by session id
/// @param nanoClock like [System#nanoTime]
record RoomWiring(
    RoomSettings settings,
    RoomMetrics metrics,
    RoomLog log,
    Answers answers,
    Map<String, LocalRoom> here,
    EmptyRooms empty,
    RoomEpochs epochs,
    LongSupplier nanoClock) {}
