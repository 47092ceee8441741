package dev.agentrooms.agent.telemetry;

import dev.agentrooms.agent.session.RunSpec;
import io.opentelemetry.sdk.trace.IdGenerator;
import java.util.function.Supplier;

/// Gives a run's span the ids that its [RunSpec] has promised already, to the run's events and to
/// its caller, and all other spans random ones.
public final class ChosenIds implements IdGenerator {

  private static final ScopedValue<RunSpec> CHOSEN = ScopedValue.newInstance();

  private final IdGenerator random = IdGenerator.random();

  /// What `start` makes, while spans get the ids of `run`.
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
