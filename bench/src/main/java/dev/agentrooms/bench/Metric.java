package dev.agentrooms.bench;

/// What a work measures.
///
/// @param isRate whether more is better
record Metric(String name, boolean isRate) {

  static final Metric DELIVERIES = new Metric("deliveries/s", true);
  static final Metric PUBLISHES = new Metric("publishes/s", true);
  static final Metric P50 = new Metric("delivery p50, ms", false);
  static final Metric P99 = new Metric("delivery p99, ms", false);
  static final Metric MAX = new Metric("delivery max, ms", false);
  static final Metric ANSWER_P50 = new Metric("answer p50, ms", false);
  static final Metric ANSWER_P99 = new Metric("answer p99, ms", false);
  static final Metric SERVER_CPU = new Metric("server CPU, µs per delivery", false);
  static final Metric CLIENT_CPU = new Metric("client CPU, µs per delivery", false);
  /// Deliveries that never came, in percent.
  static final Metric LOST = new Metric("lost, %", false);
}
