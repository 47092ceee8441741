package dev.agentrooms.http;

import java.time.Duration;

/// How much one server lets its clients take.
///
/// @param headTimeout for the first byte of a connection and its TLS handshake, and from a
///     request's first byte until its head is complete
/// @param bodyTimeout without a byte of a body that was announced and is wanted
/// @param idleTimeout of a connection between two requests
/// @param writeTimeout in which a peer takes no byte of an answer; event streams and WebSockets
///     have their own
/// @param maxConnections at the same time, sockets included
/// @param maxConnectionsPerAddress of these, from one address
/// @param maxBodyMemory bytes of bodies whose requests are not answered yet, all together
public record HttpLimits(
    Duration headTimeout,
    Duration bodyTimeout,
    Duration idleTimeout,
    Duration writeTimeout,
    int maxConnections,
    int maxConnectionsPerAddress,
    int maxBodyMemory) {

  public static HttpLimits from(Settings settings) {
    return new HttpLimits(
        settings.duration("http.head-timeout"),
        settings.duration("http.body-timeout"),
        settings.duration("http.idle-timeout"),
        settings.duration("http.write-timeout"),
        settings.integer("http.max-connections", 1, 1_000_000),
        settings.integer("http.max-connections-per-address", 1, 1_000_000),
        settings.size("http.max-body-memory"));
  }
}
