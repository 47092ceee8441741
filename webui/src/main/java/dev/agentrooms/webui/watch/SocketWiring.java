package dev.agentrooms.webui.watch;

import dev.agentrooms.webui.room.Rooms;

/// What all sockets share.
record SocketWiring(
    Rooms rooms, SocketSettings settings, RoomDoor door, OpenSockets open, WatchMetrics metrics) {}
