/// The transport: Netty's channels and codecs, and the bridge from them to Pekko HTTP's routes and
/// Pekko's streams. Only [HttpServer] is for others.
@org.jspecify.annotations.NullMarked
package dev.agentrooms.http.edge;
