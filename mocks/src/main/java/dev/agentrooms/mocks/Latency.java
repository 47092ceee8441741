package dev.agentrooms.mocks;

/// The latency of the mocks. Words such as `[rag:slow]` mean 20 s with either.
public enum Latency {
  /// Some hundred milliseconds, as the mappings say, so that progress is visible.
  USUAL,
  /// None, for tests.
  NONE
}
