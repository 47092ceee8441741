package dev.agentrooms.webui;

import dev.agentrooms.webui.WebUiSettings.RoomSettings;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;

/// What the rooms of one node share.
///
/// @param readers runs the watchers, more or less in the order in which they were woken
/// @param here the rooms of this node that have events, by session id
/// @param nanoClock like [System#nanoTime]
record RoomWiring(
    RoomSettings settings,
    WebUiMetrics metrics,
    Executor readers,
    Map<String, ActorRef<Room.Command>> here,
    EmptyRooms empty,
    RoomEpochs epochs,
    LongSupplier nanoClock) {}
