package dev.agentrooms.app;

import com.typesafe.config.Config;
import dev.agentrooms.app.cli.ExitCode;
import dev.agentrooms.http.BadSetting;
import dev.agentrooms.http.Settings;
import dev.agentrooms.http.access.AccessSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `up [agent|webui|mocks]`: starts the roles that are named, or all that are installed, and runs
/// until it is told to stop.
@Command(
    name = "up",
    mixinStandardHelpOptions = true,
    description = "Start all of it in one process, or the roles that are named. Ctrl-C stops it.")
final class UpCommand implements Callable<Integer> {

  @Parameters(paramLabel = "ROLE", arity = "0..*", description = "agent, webui or mocks")
  private List<String> roles = List.of();

  @Option(
      names = "--workflows",
      paramLabel = "FILE",
      description = "tools and workflows of your own (AGENT_WORKFLOWS)")
  private @Nullable Path workflows;

  @Option(
      names = "--notes",
      paramLabel = "DIR",
      description = "a folder of notes to answer from and to make quizzes of (AGENT_NOTES_DIR)")
  private @Nullable Path notes;

  @Option(names = "--mocks", description = "call stand-ins for the tools' services instead")
  private boolean mocks;

  @Override
  public Integer call() throws InterruptedException {
    LogSettings.check();
    Set<Role> named = named(roles);
    // Reading the settings makes the first logger already.
    nameThisProcess(named.isEmpty() ? Role.installed() : named);
    serve(new UpSettings(workflows, notes, mocks, named).config(), named);
    new CountDownLatch(1).await();
    return ExitCode.DONE;
  }

  /// Starts the roles that are named, or all that are wanted; the process ends on a signal, or when
  /// it cannot go on.
  static AgentRooms serve(Config config, Set<Role> named) {
    Settings settings = Settings.of(config);
    Duration grace = settings.duration("agent.shutdown.grace");
    StandardStreams streams = StandardStreams.neverBlock();
    Lifeline lifeline = Lifeline.hold(streams);
    AgentRooms rooms = AgentRooms.start(config, named);
    // No method or lambda here may name classes that only a server has on its class path: picocli
    // inspects all of them, for every command.
    rooms.end().ifPresent(end -> lifeline.needs(end, "the actor system"));
    stopOn("TERM", rooms, grace, lifeline);
    stopOn("INT", rooms, Duration.ZERO, lifeline);
    LoggerFactory.getLogger(UpCommand.class).info("{}", introduction(rooms, settings));
    System.out.println(greeting(rooms.urls()));
    return rooms;
  }

  // Set for each line of the JSON log, which reads it when the first logger is made. That must
  // happen before several threads log, or SLF4J warns.
  private static void nameThisProcess(Set<Role> roles) {
    System.setProperty(
        "agent-rooms.roles", roles.stream().map(Role::word).collect(Collectors.joining(",")));
    System.setProperty("agent-rooms.version", Version.text());
    LoggerFactory.getILoggerFactory();
  }

  /// The first log line: version, roles and what is switched on.
  private static String introduction(AgentRooms rooms, Settings settings) {
    return String.join(
        "; ",
        "Agent Rooms " + Version.text() + " on Java " + Runtime.version(),
        rooms.urls().entrySet().stream()
            .map(role -> role.getKey().word() + " at " + role.getValue())
            .collect(Collectors.joining(", ")),
        rooms.kept(),
        "progress to " + settings.text("agent.progress.sink"),
        "internal token " + onOff(settings, "internal-token"),
        "access " + (AccessSettings.from(settings).isOpen() ? "open" : "by token"),
        "tracing " + onOff(settings, "tracing.endpoint"));
  }

  private static String onOff(Settings settings, String key) {
    return settings.optionalText(key) == null ? "off" : "on";
  }

  private static Set<Role> named(List<String> words) {
    Set<Role> roles = EnumSet.noneOf(Role.class);
    for (String word : words) {
      try {
        roles.add(Role.valueOf(word.toUpperCase(Locale.ROOT)));
      } catch (IllegalArgumentException e) {
        throw new BadSetting(word, "there is no such role; there are agent, webui and mocks");
      }
    }
    if (!Role.installed().containsAll(roles)) {
      throw new BadSetting("mocks", "the stand-ins are for development, and not installed here");
    }
    return roles;
  }

  private static String greeting(Map<Role, String> urls) {
    StringBuilder text = new StringBuilder("Agent Rooms is up. Ctrl-C stops it.\n");
    urls.forEach(
        (role, url) ->
            text.append(
                String.format(
                    Locale.ROOT,
                    "  %-6s %s%s%n",
                    role.word(),
                    url,
                    role == Role.WEBUI ? "/" : "")));
    return text.toString().stripTrailing();
  }

  /// The first signal stops the process gracefully, with exit code 0; the second one stops it at
  /// once.
  private static void stopOn(String signal, AgentRooms rooms, Duration grace, Lifeline lifeline) {
    // The compiler warns of `sun.misc.Signal`, the only way to handle signals, and the warning
    // cannot be suppressed.
    sun.misc.Signal.handle(
        new sun.misc.Signal(signal),
        received -> {
          if (!lifeline.stop()) {
            Runtime.getRuntime().halt(ExitCode.CANCELLED);
          }
          System.out.println("Stopping.");
          int exitCode = ExitCode.BROKEN;
          try {
            rooms.stop(grace);
            exitCode = ExitCode.DONE;
          } catch (RuntimeException e) {
            LoggerFactory.getLogger(UpCommand.class).error("not all could be stopped", e);
          } finally {
            lifeline.halt(exitCode);
          }
        });
  }
}
