package dev.agentrooms.protocol;

/// What one node tells another: a message that goes through Cluster Sharding, or the answer to one.
/// It travels as CBOR ([RemoteTypes]), so it is made of records, enums, sealed types and references
/// to actors.
///
/// Nodes of two versions talk to each other while a cluster is updated: a reader ignores fields
/// that it does not know, a new field may be missing, and a new message is understood for a release
/// before it is sent.
public interface Remote {}
