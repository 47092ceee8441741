package dev.agentrooms.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/// What the command line says.
///
/// @param works letters
/// @param only names of servers; all when empty
/// @param profile whether a flight recording of ours is kept for each work
/// @param rate of work D, in events per second; half of what A showed when 0
record Options(
    Path root,
    Set<String> works,
    Set<String> only,
    int rounds,
    double rate,
    boolean profile,
    boolean smoke) {

  static final String USAGE =
      """
      ./dev bench [A B C D E F G] [--rounds N] [--only ours,nchan,fastapi] [--rate N] [--profile] [--smoke]
      """;

  static Options parse(Path root, String[] args) {
    Set<String> works = new TreeSet<>();
    Set<String> only = new TreeSet<>();
    int rounds = 0;
    double rate = 0;
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
        case "--only" -> only.addAll(List.of(value(arg, rest).split(",", -1)));
        default -> {
          if (!arg.matches("[A-Ga-g]")) {
            throw new IllegalArgumentException("there is no work " + arg);
          }
          works.add(arg.toUpperCase(Locale.ROOT));
        }
      }
    }
    return new Options(
        root,
        works.isEmpty() ? Set.of("A", "B", "C", "D", "E", "F", "G") : works,
        only,
        rounds > 0 ? rounds : smoke ? 1 : 5,
        rate,
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
