package dev.agentrooms.bench;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// E: sockets that wait in one room, in which nothing happens.
record Idle(int sockets, double settleSeconds, double seconds) implements Work {

  static final Metric HEAP = new Metric("live heap per socket, KB", false);
  static final Metric MEMORY = new Metric("memory per socket, KB", false);
  static final Metric COLLECTED = new Metric("memory per socket, heap collected, KB", false);
  static final Metric ALL_MEMORY = new Metric("memory of the process, MB", false);
  static final Metric CPU = new Metric("CPU, % of a core", false);

  @Override
  public String id() {
    return "E";
  }

  @Override
  public String title() {
    return sockets + " idle sockets in 1 room";
  }

  @Override
  public int maxRounds() {
    return 3;
  }

  @Override
  public Measured run(Running running) {
    boolean isJava = running.server().isJava();
    try (Load first = new Load(running, 1, 1, 1)) {
      double heap = isJava ? Heap.liveKb(running.pid()) : 0;
      double memory = running.usage().memoryKb();
      try (Load load = new Load(running, sockets, 1, 1)) {
        pause(settleSeconds);
        Usage before = running.usage();
        pause(seconds);
        Usage after = running.usage();
        if (load.watchers.closed() > 0) {
          throw new IllegalStateException(load.watchers.closed() + " sockets were closed");
        }
        Measured.Builder measured = new Measured.Builder();
        if (isJava) {
          measured.and(HEAP, (Heap.liveKb(running.pid()) - heap) / sockets);
          measured.and(COLLECTED, (running.usage().memoryKb() - memory) / sockets);
        }
        return measured
            .and(MEMORY, (after.memoryKb() - memory) / sockets)
            .and(ALL_MEMORY, after.memoryKb() / 1024)
            .and(CPU, 100 * (after.cpuSeconds() - before.cpuSeconds()) / seconds)
            .done();
      }
    }
  }

  static void pause(double seconds) {
    long until = System.nanoTime() + (long) (seconds * TimeUnit.SECONDS.toNanos(1));
    while (System.nanoTime() < until) {
      LockSupport.parkNanos(until - System.nanoTime());
    }
  }
}
