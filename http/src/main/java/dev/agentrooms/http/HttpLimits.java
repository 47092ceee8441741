package dev.agentrooms.http;

import java.time.Duration;

/// Timeouts and connection limits of one server.
///
/// @param headTimeout for the first byte of a connection and its TLS handshake, and from a
///     request's first byte until its head is complete
/// @param bodyTimeout the longest pause between two bytes of a body that is being read
/// @param idleTimeout of a connection between two requests
/// @param writeTimeout the longest time in which a peer reads no byte of an answer; event streams
///     and WebSockets have their own
/// @param maxConnections open connections, WebSockets included
/// @param maxConnectionsPerAddress open connections from one address
/// @param maxBodyMemory total bytes of bodies whose requests are not answered yet
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
