package dev.agentrooms.app;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.IntFunction;

/// Many concurrent clients, each in a thread of its own, apart from the threads of the servers in
/// the same JVM.
final class Crowd {

  private Crowd() {}

  /// What `task` yields for 0, 1, 2 … `count - 1`, with all of them begun at the same time.
  static <T> List<T> all(int count, IntFunction<T> task) {
    return all(count, count, task);
  }

  /// The same, with at most `atOnce` of them at a time.
  static <T> List<T> all(int count, int atOnce, IntFunction<T> task) {
    Semaphore permits = new Semaphore(atOnce);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<T>> futures = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int number = i;
        futures.add(
            threads.submit(
                () -> {
                  permits.acquire();
                  try {
                    return task.apply(number);
                  } finally {
                    permits.release();
                  }
                }));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> future : futures) {
        results.add(future.get());
      }
      return results;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof AssertionError failed) {
        throw failed;
      }
      throw new CompletionException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
