package dev.agentrooms.bench;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// The results as one Markdown table: medians, and the least and the most.
final class Table {

  private final Results results;
  private final List<Server> servers;
  private final Map<Server, String> missing;

  /// @param missing why a server could not be measured
  Table(Results results, List<Server> servers, Map<Server, String> missing) {
    this.results = results;
    this.servers = servers;
    this.missing = missing;
  }

  String render(List<Work> works) {
    StringBuilder text =
        new StringBuilder(
            row(
                "work",
                "",
                servers.stream()
                    .map(s -> (s.name() + " " + s.variant()).strip())
                    .collect(Collectors.joining(" | ")),
                "ours ÷ better Nchan"));
    text.append("|---".repeat(servers.size() + 3)).append("|\n");
    for (Work work : works) {
      String title = "**" + work.id() + "** " + work.title();
      for (Metric metric : results.metrics(work.id())) {
        String cells =
            servers.stream()
                .map(server -> cell(work, server, metric))
                .collect(Collectors.joining(" | "));
        text.append(row(title, metric.name(), cells, ratio(work, metric)));
        title = "";
      }
    }
    missing.forEach(
        (server, why) ->
            text.append("\n").append(server.name()).append(" is missing: ").append(why));
    return text.toString();
  }

  private static String row(String work, String metric, String cells, String ratio) {
    return "| " + work + " | " + metric + " | " + cells + " | " + ratio + " |\n";
  }

  private String cell(Work work, Server server, Metric metric) {
    if (missing.containsKey(server)) {
      return "missing";
    }
    double[] values = results.values(work.id(), server, metric);
    return values.length > 0 ? Results.spread(values) : "–";
  }

  private String ratio(Work work, Metric metric) {
    Optional<Server> ours = results.best(work.id(), AgentRoomsServer.NAME);
    Optional<Server> theirs = results.best(work.id(), NchanServer.NAME);
    if (ours.isEmpty() || theirs.isEmpty()) {
      return "";
    }
    double[] ratios = results.ratios(work.id(), ours.get(), theirs.get(), metric);
    return ratios.length == 0 ? "" : "**" + Results.spread(ratios) + "**";
  }
}
