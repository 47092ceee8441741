package dev.agentrooms.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// What a process and its descendants use, as Linux tells it.
///
/// @param cpuSeconds since they were started
/// @param memoryKb their proportional share, so that what workers share counts once
record Usage(double cpuSeconds, double memoryKb) {

  // USER_HZ, which is 100 on every Linux that a JDK is built for.
  private static final double TICKS_PER_SECOND = 100;

  static Usage of(ProcessHandle process) {
    double cpu = 0;
    double memory = 0;
    for (long pid :
        Stream.concat(Stream.of(process), process.descendants())
            .mapToLong(ProcessHandle::pid)
            .toArray()) {
      cpu += cpuSeconds(pid);
      memory += memoryKb(pid);
    }
    return new Usage(cpu, memory);
  }

  /// The CPU seconds of this process.
  static double own() {
    return cpuSeconds(ProcessHandle.current().pid());
  }

  private static double cpuSeconds(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      // The fields after the name, which may hold anything but ends at the last parenthesis.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
    } catch (IOException e) {
      return 0; // it has ended
    }
  }

  private static double memoryKb(long pid) {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/smaps_rollup"))) {
      return lines
          .filter(line -> line.startsWith("Pss:"))
          .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")))
          .sum();
    } catch (IOException e) {
      return 0;
    }
  }
}
