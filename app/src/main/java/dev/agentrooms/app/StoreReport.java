package dev.agentrooms.app;

import dev.agentrooms.store.Store;
import dev.agentrooms.store.StoreFailure;
import dev.agentrooms.store.StoreListener;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Says how the store is doing, in the log and as meters.
///
/// | meter | what |
/// |---|---|
/// | `rooms.store.up` | 1 while the store answers, 0 while it is away or full |
/// | `rooms.store.waiting` | records that wait to be written |
/// | `rooms.store.records`, `rooms.store.bytes` | what was committed |
/// | `rooms.store.commit` | commits, of one record or many, and how long they take |
/// | `rooms.store.fenced` | writes of a former owner, which were refused |
/// | `rooms.store.sync` | syncs to the disk, and how long they take; a file only |
final class StoreReport implements StoreListener {

  private static final Logger LOG = LoggerFactory.getLogger(StoreReport.class);
  private static final Duration[] LIMITS =
      Stream.of(1, 5, 10, 20, 50, 100, 500, 1_000, 3_000)
          .map(Duration::ofMillis)
          .toArray(Duration[]::new);

  private final LongAdder records = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final LongAdder fenced = new LongAdder();
  private final List<Timer> commits = new CopyOnWriteArrayList<>();
  private final List<Timer> syncs = new CopyOnWriteArrayList<>();

  void bindTo(MeterRegistry registry, Store store) {
    Gauge.builder("rooms.store.up", store, each -> each.trouble().isEmpty() ? 1 : 0)
        .description("Whether the store answers")
        .register(registry);
    Gauge.builder("rooms.store.waiting", store, Store::waiting)
        .description("Records that wait to be written")
        .register(registry);
    FunctionCounter.builder("rooms.store.records", records, LongAdder::sum)
        .description("Records that were committed")
        .register(registry);
    FunctionCounter.builder("rooms.store.bytes", bytes, LongAdder::sum)
        .description("About how large they were")
        .register(registry);
    FunctionCounter.builder("rooms.store.fenced", fenced, LongAdder::sum)
        .description("Writes of a former owner, which were refused")
        .register(registry);
    commits.add(timer("rooms.store.commit", "Commits, of one record or many", registry));
    syncs.add(timer("rooms.store.sync", "Syncs of what was committed to the disk", registry));
  }

  private static Timer timer(String name, String what, MeterRegistry registry) {
    return Timer.builder(name).description(what).serviceLevelObjectives(LIMITS).register(registry);
  }

  @Override
  public void committed(int stored, long size, long nanos) {
    records.add(stored);
    bytes.add(size);
    commits.forEach(timer -> timer.record(nanos, TimeUnit.NANOSECONDS));
  }

  @Override
  public void fenced(int writes) {
    fenced.add(writes);
  }

  @Override
  public void synced(long nanos) {
    syncs.forEach(timer -> timer.record(nanos, TimeUnit.NANOSECONDS));
  }

  @Override
  public void down(StoreFailure why) {
    LOG.error(
        "the store does not answer; requests are refused until it does: {}", why.getMessage());
  }

  @Override
  public void up() {
    LOG.info("the store answers again");
  }

  @Override
  public void warning(String what, Throwable why) {
    LOG.warn("{}", what, why);
  }
}
