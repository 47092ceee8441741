package dev.agentrooms.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What the command line says.
///
/// @param works letters
/// @param only names of servers; all when empty
/// @param profile whether a flight recording of ours is kept for each work
/// @param beside another checkout of this project, which is measured as well
/// @param kept where ours keeps what it is told, each measured
/// @param rate of work D, in events per second; half of what A showed when 0
record Options(
    Path root,
    Set<String> works,
    Set<String> only,
    int rounds,
    double rate,
    @Nullable Path beside,
    List<Kept> kept,
    boolean profile,
    boolean smoke) {

  static final String USAGE =
      """
      ./dev bench [A to I K L P R T Z] [options]   the load comparison; all works when none is named
      ./dev bench jmh [options of JMH]        the microbenchmarks
      ./dev bench streams [rounds]            beside the reference server of Durable Streams

        A  one room, 500 and 2000 sockets, a publisher that waits for each answer
        B  500 rooms with one socket each, 16 requests in flight: on as many connections, and on one
        C  bursts of 50 events into one room with 500 sockets
        D  a fixed rate, half of what A showed: latencies
        E  10,000 idle sockets: heap, memory, CPU
        F  late joins that want the whole history
        G  our agent alone: acceptance, first event, runs per second, idle sessions
        H  10,000 sockets come back after a restart
        I  19,500 idle connections of HTTP, as E
        K  ours alone: a text that is being written, before 1,000 sockets
        L  ours alone: events of 1 MiB to 1,000 sockets, and one that reads nothing: memory
        P  one room, 200 sockets, a minute of 64 requests in flight on one connection
        R  our agent alone: killed with 100,000 sleeping sessions and 50 open runs, and started again
        T  A under TLS
        Z  A with sockets that ask for compression

        --rounds N        instead of 5
        --only NAMES      of ours,beside,nchan,redis (Nchan with Redis),fastapi
        --store KINDS     of memory,runs,always,postgresql for ours, instead of memory,runs;
                          PostgreSQL where STORE_URL, STORE_USER and STORE_PASSWORD say
        --beside DIR      measure another checkout of this project, too
        --rate N          events per second for D
        --profile         keep a flight recording of ours for each work in bench/target/
        --smoke           seconds instead of minutes; fails when a work yields no numbers
      """;

  static Options parse(Path root, String[] args) {
    Set<String> works = new TreeSet<>();
    Set<String> only = new TreeSet<>();
    int rounds = 0;
    double rate = 0;
    Path beside = null;
    List<Kept> kept = new ArrayList<>();
    boolean profile = false;
    boolean smoke = false;
    List<String> rest = new ArrayList<>(List.of(args));
    while (!rest.isEmpty()) {
      String arg = rest.removeFirst();
      switch (arg) {
        case "--smoke" -> smoke = true;
        case "--profile" -> profile = true;
        case "--rounds" -> rounds = Integer.parseInt(value(arg, rest));
        case "--rate" -> rate = Double.parseDouble(value(arg, rest));
        case "--beside" -> beside = Path.of(value(arg, rest)).toAbsolutePath();
        case "--store" ->
            List.of(value(arg, rest).split(",", -1)).forEach(word -> kept.add(Kept.of(word)));
        case "--only" -> only.addAll(List.of(value(arg, rest).split(",", -1)));
        default -> {
          if (!arg.matches("[A-IKLPRTZa-iklprtz]")) {
            throw new IllegalArgumentException("there is no work " + arg);
          }
          works.add(arg.toUpperCase(Locale.ROOT));
        }
      }
    }
    return new Options(
        root,
        works.isEmpty()
            ? Set.of("A", "B", "C", "D", "E", "F", "G", "H", "I", "K", "L", "P", "R", "T", "Z")
            : works,
        only,
        rounds > 0 ? rounds : smoke ? 1 : 5,
        rate,
        beside,
        kept.isEmpty() ? List.of(Kept.MEMORY, Kept.RUNS) : kept,
        profile,
        smoke);
  }

  private static String value(String option, List<String> rest) {
    if (rest.isEmpty()) {
      throw new IllegalArgumentException(option + " needs a value");
    }
    return rest.removeFirst();
  }
}
