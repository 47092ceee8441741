package dev.agentrooms.webui.room;

import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;

/// What the rooms of one node share.
///
/// @param here the rooms of this node that have events, by session id
/// @param nanoClock like [System#nanoTime]
record RoomWiring(
    RoomSettings settings,
    RoomMetrics metrics,
    Map<String, ActorRef<Room.Command>> here,
    EmptyRooms empty,
    RoomEpochs epochs,
    LongSupplier nanoClock) {}
