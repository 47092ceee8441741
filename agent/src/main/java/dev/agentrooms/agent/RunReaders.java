package dev.agentrooms.agent;

import dev.agentrooms.protocol.RunEvents.Numbered;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.pekko.stream.BoundedSourceQueue;
import org.apache.pekko.stream.QueueOfferResult;

/// Those who follow a session's runs event by event. A queue has room for all that one run says, so
/// one that is full is a reader that has long stopped reading: it is let go, and may resume.
final class RunReaders {

  private final Map<String, List<BoundedSourceQueue<Numbered>>> readers = new HashMap<>();

  void add(String runId, BoundedSourceQueue<Numbered> reader) {
    readers.computeIfAbsent(runId, id -> new ArrayList<>()).add(reader);
  }

  /// @param told made only when there is a reader
  void tell(String runId, Supplier<Numbered> told) {
    List<BoundedSourceQueue<Numbered>> of = readers.get(runId);
    if (of != null) {
      Numbered event = told.get();
      of.removeIf(reader -> !takes(reader, event));
      if (of.isEmpty()) {
        readers.remove(runId);
      }
    }
  }

  private static boolean takes(BoundedSourceQueue<Numbered> reader, Numbered event) {
    if (reader.offer(event).equals(QueueOfferResult.enqueued())) {
      return true;
    }
    if (!reader.isCompleted()) {
      reader.complete();
    }
    return false;
  }

  /// The run has said all that it ever will.
  void over(String runId) {
    List<BoundedSourceQueue<Numbered>> of = readers.remove(runId);
    if (of != null) {
      of.forEach(RunReaders::complete);
    }
  }

  void allOver() {
    readers.values().forEach(of -> of.forEach(RunReaders::complete));
    readers.clear();
  }

  private static void complete(BoundedSourceQueue<Numbered> reader) {
    if (!reader.isCompleted()) {
      reader.complete();
    }
  }
}
