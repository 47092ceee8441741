package dev.agentrooms.http.edge;

/// How far a node is on its way to its end, as its clients notice it.
enum Departure {
  /// It serves.
  NONE,
  /// It answers, and says with each answer that the next request had better go elsewhere.
  ANNOUNCED,
  /// What is under way is answered, and no connection is held for more.
  CLOSING
}
