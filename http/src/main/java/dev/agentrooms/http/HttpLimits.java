package dev.agentrooms.http;

import java.time.Duration;

/// How much one server lets its clients take.
///
/// @param headTimeout for the first byte of a connection, and from a request's first byte until its
///     head is complete
/// @param maxConnections at the same time, sockets included
/// @param maxConnectionsPerAddress of these, from one address
public record HttpLimits(Duration headTimeout, int maxConnections, int maxConnectionsPerAddress) {

  public static HttpLimits from(Settings settings) {
    return new HttpLimits(
        settings.duration("http.head-timeout"),
        settings.integer("http.max-connections", 1, 1_000_000),
        settings.integer("http.max-connections-per-address", 1, 1_000_000));
  }
}
