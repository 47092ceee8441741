package dev.agentrooms.bench;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// The started processes, which end with the bench.
final class Children {

  private static final Set<Process> ALIVE = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> ALIVE.forEach(Children::kill)));
  }

  private Children() {}

  static Process watch(Process process) {
    ALIVE.add(process);
    return process;
  }

  /// Stops it by a signal, and kills it after some seconds.
  static void stop(Process process) {
    process.destroy();
    try {
      if (!process.waitFor(8, TimeUnit.SECONDS)) {
        kill(process);
        process.waitFor(8, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      kill(process);
      Thread.currentThread().interrupt();
    }
    ALIVE.remove(process);
  }

  static void kill(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
