/// Rooms and those who watch them: `WebUiRoutes → Rooms → Room → History → RoomSocket, RoomEvents`.
@NullMarked
package dev.agentrooms.webui;

import org.jspecify.annotations.NullMarked;
