package dev.agentrooms.app;

import com.typesafe.config.Config;
import dev.agentrooms.http.BadSetting;
import dev.agentrooms.http.Settings;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import sun.misc.Signal;

/// `up [agent|webui|mocks]`: starts the roles that are named, or all that are installed, and runs
/// until it is told to stop.
@Command(
    name = "up",
    mixinStandardHelpOptions = true,
    description = "Start all of it in one process, or the roles that are named. Ctrl-C stops it.")
final class UpCommand implements Callable<Integer> {

  private static final AtomicBoolean STOPPING = new AtomicBoolean();

  @Parameters(paramLabel = "ROLE", arity = "0..*", description = "agent, webui or mocks")
  private List<String> roles = List.of();

  @Override
  public Integer call() throws InterruptedException {
    // Or several threads would be the first to log, and the library complain of it.
    LoggerFactory.getILoggerFactory();
    Set<Role> started = roles(roles);
    Config config = Settings.load();
    Duration grace = Settings.of(config).duration("agent.shutdown.grace");
    AgentRooms rooms = AgentRooms.start(config, started);
    stopOn("TERM", rooms, grace);
    stopOn("INT", rooms, Duration.ZERO);
    System.out.println(greeting(rooms.urls()));
    new CountDownLatch(1).await();
    return Main.DONE;
  }

  private static Set<Role> roles(List<String> words) {
    Set<Role> roles = EnumSet.noneOf(Role.class);
    for (String word : words) {
      try {
        roles.add(Role.valueOf(word.toUpperCase(Locale.ROOT)));
      } catch (IllegalArgumentException e) {
        throw new BadSetting(word, "there is no such role; there are agent, webui and mocks");
      }
    }
    if (roles.isEmpty()) {
      roles.addAll(Role.installed());
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

  /// Told to stop and stopped: that is success, whatever the signal. Told twice, it stops at once.
  private static void stopOn(String signal, AgentRooms rooms, Duration grace) {
    Signal.handle(
        new Signal(signal),
        received -> {
          if (!STOPPING.compareAndSet(false, true)) {
            Runtime.getRuntime().halt(Main.CANCELLED);
          }
          System.out.println("Stopping.");
          rooms.stop(grace);
          Runtime.getRuntime().halt(Main.DONE);
        });
  }
}
