package dev.agentrooms.store;

/// How far a producer that numbers its requests has come in a room.
///
/// @param epoch a later one takes over from an earlier one
/// @param place grows with each event that it has written in this epoch
public record RoomProducer(String id, long epoch, long place) {}
