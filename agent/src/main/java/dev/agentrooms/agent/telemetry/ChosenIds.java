package dev.agentrooms.agent.telemetry;

import dev.agentrooms.agent.session.RunSpec;
import io.opentelemetry.sdk.trace.IdGenerator;
import java.util.function.Supplier;

/// An id generator that gives a run's span the ids of its [RunSpec], which events and the caller
/// have been told already; all other spans get random ids.
public final class ChosenIds implements IdGenerator {

  private static final ScopedValue<RunSpec> CHOSEN = ScopedValue.newInstance();

  private final IdGenerator random = IdGenerator.random();

  /// Runs `start`, during which spans get the ids of `run`.
  static <T> T with(RunSpec run, Supplier<T> start) {
    return ScopedValue.where(CHOSEN, run).call(start::get);
  }

  @Override
  public String generateSpanId() {
    return CHOSEN.isBound() ? CHOSEN.get().spanId() : random.generateSpanId();
  }

  @Override
  public String generateTraceId() {
    return CHOSEN.isBound() ? CHOSEN.get().trace().traceId() : random.generateTraceId();
  }
}
