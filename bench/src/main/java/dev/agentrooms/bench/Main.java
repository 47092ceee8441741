package dev.agentrooms.bench;

import dev.agentrooms.bench.FanOut.Manner;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// `bench [works] [options]`: runs every work on every server in every round, each on a freshly
/// started server.
public final class Main {

  private final Options options;
  private final Results results = new Results();
  private final Map<Server, String> missing = new LinkedHashMap<>();
  private final List<Server> all = new ArrayList<>();
  private int failures;

  private Main(Options options) {
    this.options = options;
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    try {
      if (args.length > 0 && args[0].equals("jmh")) {
        org.openjdk.jmh.Main.main(Arrays.copyOfRange(args, 1, args.length));
        return;
      }
      if (args.length > 0 && args[0].equals("streams")) {
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 3;
        StreamBench.run(Path.of(System.getProperty("bench.root", ".")), rounds);
        return;
      }
      if (args.length > 0 && (args[0].equals("--help") || args[0].equals("-h"))) {
        System.out.print(Options.USAGE);
        return;
      }
      new Main(Options.parse(Path.of(System.getProperty("bench.root", ".")), args)).run();
    } catch (IllegalArgumentException e) {
      System.err.println("bench: " + e.getMessage() + "\n" + Options.USAGE);
      System.exit(2);
    }
  }

  private void run() throws IOException {
    System.out.println(machine());
    List<Server> servers = servers();
    List<Work> works = works();
    for (Work work : works) {
      for (int round = 1; round <= Math.min(options.rounds(), work.maxRounds()); round++) {
        for (Server server : servers) {
          measure(work, round, server);
        }
        // No server always goes first.
        Collections.rotate(servers, 1);
      }
    }
    String table = machine() + "\n\n" + new Table(results, all, missing).render(works);
    System.out.println("\n" + table);
    Files.writeString(options.root().resolve("bench/target/result.md"), table + "\n");
    if (options.smoke()) {
      Smoke.check(results, works, servers);
    }
    if (failures > 0) {
      System.out.println(failures + " measurements failed, and are not in the table");
      System.exit(1);
    }
  }

  private void measure(Work work, int round, Server server) {
    Optional<String> impossible = work.impossible(server);
    if (impossible.isPresent()) {
      return;
    }
    String what =
        String.format(
            Locale.ROOT,
            "%-5s round %d  %-11s %-9s load %.1f ",
            work.id(),
            round,
            server.name(),
            server.variant(),
            ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    try (Started started = start(work, server)) {
      Measured measured = measure(work, started.running());
      results.add(work, round, server, measured);
      System.out.println(what + " " + measured);
    } catch (RuntimeException e) {
      // One round less is no reason to lose all others; the end says how many there were.
      failures++;
      System.out.println(what + " FAILED: " + e);
    }
  }

  private Measured measure(Work work, Running running) {
    try {
      boolean isProfiled = options.profile() && running.server().isJava();
      if (isProfiled) {
        Heap.jcmd(
            running.pid(),
            "JFR.start",
            "settings=profile",
            "delay=8s",
            "jdk.CPUTimeSample#enabled=true",
            "jdk.CPUTimeSample#throttle=2ms");
      }
      Measured measured = work.run(running);
      if (isProfiled) {
        Path file = options.root().resolve("bench/target/" + work.id() + ".jfr");
        Heap.jcmd(running.pid(), "JFR.dump", "filename=" + file.toAbsolutePath());
      }
      return measured;
    } catch (RuntimeException e) {
      throw new IllegalStateException(e + "\nIts last words: " + running.lastWords(), e);
    }
  }

  private Started start(Work work, Server server) {
    if (work instanceof AgentWork agent && server instanceof AgentRoomsServer rooms) {
      ToolServer tools = new ToolServer();
      try {
        return new Started(
            Running.start(AgentServer.on(rooms, agent.withRooms(), tools), false), tools);
      } catch (RuntimeException e) {
        tools.close();
        throw e;
      }
    }
    return new Started(Running.start(server, work.isSecure()), null);
  }

  private record Started(Running running, @Nullable ToolServer tools) implements AutoCloseable {
    @Override
    public void close() {
      running.close();
      if (tools != null) {
        tools.close();
      }
    }
  }

  private List<Server> servers() {
    Path root = options.root();
    Map<String, List<Server>> words = new LinkedHashMap<>();
    words.put(
        "ours",
        options.kept().stream()
            .<Server>map(kept -> new AgentRoomsServer(root, AgentRoomsServer.NAME, kept))
            .toList());
    if (options.beside() != null) {
      words.put(
          "beside",
          List.of(new AgentRoomsServer(options.beside(), AgentRoomsServer.BESIDE, Kept.MEMORY)));
    }
    words.put(
        "nchan",
        List.of(
            new NchanServer(root, 1, false),
            new NchanServer(root, Math.max(2, Runtime.getRuntime().availableProcessors()), false)));
    words.put("redis", List.of(new NchanServer(root, 1, true)));
    words.put("fastapi", List.of(new FastApiServer(root)));
    List<Server> found = new ArrayList<>();
    words.forEach(
        (word, variants) -> {
          if (!options.only().isEmpty() && !options.only().contains(word)) {
            return;
          }
          all.addAll(variants);
          Optional<String> why = variants.getFirst().missing();
          if (why.isEmpty()) {
            found.addAll(variants);
          } else {
            System.out.println(variants.getFirst().name() + " is missing: " + why.get());
            variants.forEach(variant -> missing.put(variant, why.get()));
          }
        });
    return found;
  }

  private List<Work> works() {
    boolean smoke = options.smoke();
    Span span = smoke ? new Span(1, 1) : new Span(6, 5);
    int watchers = smoke ? 50 : 500;
    List<Work> works = new ArrayList<>();
    works.add(new FanOut(Manner.A, watchers, span));
    if (!smoke) {
      works.add(new FanOut(Manner.A, 2000, span));
    }
    works.add(new ManyRooms(watchers, 16, span));
    works.add(new ManyRooms(watchers, 1, span));
    works.add(new Bursts(watchers, span));
    works.add(new FixedRate(watchers, () -> rate(watchers), span));
    works.add(new LateJoin(watchers, span));
    works.add(new WrittenText(smoke ? watchers : 1000, span));
    works.add(new RunLatency(100, span));
    works.add(new RunRate(span));
    works.add(new IdleSessions(smoke ? 500 : 10_000));
    if (!smoke) {
      works.add(new IdleSessions(100_000));
    }
    works.add(smoke ? new Restart(200, 50) : new Restart(100_000, 2000));
    works.add(smoke ? new Idle(200, 0.5, 1) : new Idle(10_000, 60, 30));
    works.add(new KeepAlive(smoke ? 200 : 19_500, smoke ? 1 : 45));
    works.add(new RunAhead(smoke ? watchers : 200, 64, smoke ? span : new Span(6, 60)));
    works.add(smoke ? new Large(5, 2, new Span(1, 2)) : new Large(1000, 0.5, new Span(20, 20)));
    works.add(new Reconnect(smoke ? 200 : 10_000));
    works.add(new FanOut(Manner.T, watchers, span));
    works.add(new FanOut(Manner.Z, watchers, span));
    works.removeIf(work -> !options.works().contains(work.id().substring(0, 1)));
    return works;
  }

  /// Half of what the slower of the two can do, so that both have the same to do, and can.
  private double rate(int watchers) {
    if (options.rate() > 0) {
      return options.rate();
    }
    String id = new FanOut(Manner.A, watchers, new Span(0, 0)).id();
    double capacity =
        Stream.of(AgentRoomsServer.NAME, NchanServer.NAME)
            .flatMap(name -> results.best(id, name).stream())
            .mapToDouble(s -> Results.median(results.values(id, s, Metric.DELIVERIES)))
            .min()
            .orElse(50.0 * watchers);
    return Math.max(1, capacity / watchers / 2);
  }

  private static String machine() {
    var os = ManagementFactory.getOperatingSystemMXBean();
    return String.format(
        Locale.ROOT,
        "%s, %d cores, %s %s, JDK %s, load average %.1f",
        cpu(),
        os.getAvailableProcessors(),
        os.getName(),
        os.getVersion(),
        Runtime.version(),
        os.getSystemLoadAverage());
  }

  private static String cpu() {
    try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .findFirst()
          .map(line -> line.substring(line.indexOf(':') + 2))
          .orElse("unknown CPU");
    } catch (IOException e) {
      return "unknown CPU";
    }
  }
}
