package dev.agentrooms.webui;

import dev.agentrooms.http.AllowedHosts;
import dev.agentrooms.http.access.GuardedEdge;
import dev.agentrooms.http.access.Scope;
import dev.agentrooms.http.access.Visit;
import dev.agentrooms.webui.watch.RoomDoor;
import java.time.Instant;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;

/// Directives that let in those who may read a room.
abstract class TokenEdge extends GuardedEdge {

  final RoomDoor door;

  TokenEdge(AllowedHosts hosts, RoomDoor door) {
    super(hosts, door.access());
    this.door = door;
  }

  /// Lets in those who may read the session's room.
  ///
  /// @param inner gets the time until which they may; null for ever
  final Route readable(String sessionId, Function<@Nullable Instant, Route> inner) {
    return access.isOpen()
        ? inner.apply(null)
        : extractRequest(
            request ->
                switch (access.visit(request)) {
                  case Visit.Refused(var problem) ->
                      complete(refused(problem.with("session_id", sessionId)));
                  case Visit.Known visit ->
                      onSuccess(
                          door.admit(visit, Scope.WATCH, sessionId),
                          verdict -> granted(verdict, sessionId, inner));
                });
  }

  /// Lets in those who may read what has a name as sessions have, and belongs to no user.
  ///
  /// @param inner gets the time until which they may; null for ever
  final Route readableByName(String name, Function<@Nullable Instant, Route> inner) {
    return extractRequest(
        request -> granted(door.ownerless(access.visit(request), Scope.WATCH, name), name, inner));
  }
}
