package dev.agentrooms.webui.room;

import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// What the rooms of one node share.
///
/// @param here the rooms that this node holds, by session id
/// @param copies those that other nodes hold, and that are watched here
/// @param listener told of each session whose room has a new event
/// @param nanoClock like [System#nanoTime]
record RoomWiring(
    RoomSettings settings,
    RoomMetrics metrics,
    RoomLog log,
    Answers answers,
    Map<String, LocalRoom> here,
    Copies copies,
    EmptyRooms empty,
    RoomEpochs epochs,
    AtomicReference<Consumer<String>> listener,
    LongSupplier nanoClock) {}
