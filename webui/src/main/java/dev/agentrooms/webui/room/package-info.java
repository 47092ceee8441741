/// The rooms: `Rooms → Room → History`, which a `Subscriber` reads. Nothing here knows over what an
/// event comes or goes.
@NullMarked
package dev.agentrooms.webui.room;

import org.jspecify.annotations.NullMarked;
