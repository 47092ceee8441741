package dev.agentrooms.mocks;

/// How long the tools take to answer. Those that are asked to be slow take their 20 s either way.
public enum Latency {
  /// Some hundred milliseconds, as in the mappings, so that progress can be seen.
  USUAL,
  /// At once, for tests.
  NONE
}
