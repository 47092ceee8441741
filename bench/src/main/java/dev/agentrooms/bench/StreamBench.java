package dev.agentrooms.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/// `bench streams`: streams beside the reference server of their protocol, file store against file
/// store, in one sitting. Whoever appends waits for each answer.
final class StreamBench {

  private static final String ROOT = "/v1/stream/";
  private static final int WRITERS = 16;
  private static final int READERS = 200;
  private static final Duration WARM_UP = Duration.ofSeconds(4);
  private static final Duration TIME = Duration.ofSeconds(6);

  private final Map<String, List<Double>> results = new TreeMap<>();

  private StreamBench() {}

  static void run(Path root, int rounds) throws IOException, InterruptedException {
    List<Server> servers = new ArrayList<>();
    servers.add(new AgentRoomsServer(root, AgentRoomsServer.NAME, Kept.RUNS));
    servers.add(new AgentRoomsServer(root, AgentRoomsServer.NAME, Kept.ALWAYS));
    DurableStreamsServer reference = new DurableStreamsServer(root);
    Optional<String> missing = reference.missing();
    if (missing.isPresent()) {
      System.out.println(reference.name() + " is missing: " + missing.get());
    } else {
      servers.add(reference);
    }
    StreamBench bench = new StreamBench();
    for (int round = 1; round <= rounds; round++) {
      for (Server server : servers) {
        try (Running running = Running.start(server, false)) {
          bench.measure(running);
        }
      }
      // No server always goes first.
      Collections.rotate(servers, 1);
    }
    bench.results.forEach(
        (what, values) ->
            System.out.printf(
                Locale.ROOT,
                "%-70s %,12.0f%n",
                what,
                Results.median(values.stream().mapToDouble(Double::doubleValue).toArray())));
  }

  private void measure(Running running) throws IOException, InterruptedException {
    String name = running.server().name() + " " + running.server().variant();
    add("appends/s, one stream for each of 16 writers: " + name, appends(running));
    add("deliveries/s, 200 readers over SSE, one writer: " + name, fanOut(running));
  }

  private void add(String what, double value) {
    System.out.printf(Locale.ROOT, "%-70s %,12.0f%n", what, value);
    results.computeIfAbsent(what, key -> new ArrayList<>()).add(value);
  }

  private static double appends(Running running) throws IOException, InterruptedException {
    AtomicLong count = new AtomicLong();
    List<StreamClient> writers = new ArrayList<>();
    try {
      for (int i = 0; i < WRITERS; i++) {
        StreamClient writer = new StreamClient(running.address());
        writers.add(writer);
        String path = ROOT + "many-" + i;
        writer.make(path);
        writer.keepAppending(path, count);
      }
      return rate(count);
    } finally {
      writers.forEach(StreamClient::close);
    }
  }

  private static double fanOut(Running running) throws IOException, InterruptedException {
    AtomicLong count = new AtomicLong();
    String path = ROOT + "one";
    List<StreamClient> clients = new ArrayList<>();
    try {
      StreamClient writer = new StreamClient(running.address());
      clients.add(writer);
      writer.make(path);
      for (int i = 0; i < READERS; i++) {
        StreamClient reader = new StreamClient(running.address());
        clients.add(reader);
        reader.keepReading(path, count);
      }
      writer.keepAppending(path, new AtomicLong());
      return rate(count);
    } finally {
      clients.forEach(StreamClient::close);
    }
  }

  private static double rate(AtomicLong count) throws InterruptedException {
    Thread.sleep(WARM_UP);
    long before = count.get();
    long begun = System.nanoTime();
    Thread.sleep(TIME);
    return (count.get() - before) * 1e9 / (System.nanoTime() - begun);
  }
}
