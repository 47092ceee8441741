package dev.agentrooms.app;

import com.typesafe.config.Config;
import dev.agentrooms.http.BadSetting;
import dev.agentrooms.http.Settings;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import sun.misc.Signal;

/// `agent-rooms [agent|webui|mocks]`: starts the roles that are named, or all, and runs until it is
/// told to stop.
public final class Main {

  private static final AtomicBoolean STOPPING = new AtomicBoolean();

  private Main() {}

  public static void main(String[] args) {
    try {
      Set<Role> roles = roles(args);
      Config config = Settings.load();
      Duration grace = Settings.of(config).duration("agent.shutdown.grace");
      AgentRooms rooms = AgentRooms.start(config, roles);
      stopOn("TERM", rooms, grace);
      stopOn("INT", rooms, Duration.ZERO);
      System.out.println(greeting(rooms.urls()));
    } catch (BadSetting e) {
      System.err.println("agent-rooms: " + e.getMessage());
      System.exit(2);
    }
  }

  private static Set<Role> roles(String[] args) {
    Set<Role> roles = EnumSet.noneOf(Role.class);
    for (String arg : args) {
      try {
        roles.add(Role.valueOf(arg.toUpperCase(Locale.ROOT)));
      } catch (IllegalArgumentException e) {
        throw new BadSetting(arg, "there is no such role; there are agent, webui and mocks");
      }
    }
    return roles.isEmpty() ? EnumSet.allOf(Role.class) : roles;
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
            Runtime.getRuntime().halt(130);
          }
          System.out.println("Stopping.");
          rooms.stop(grace);
          Runtime.getRuntime().halt(0);
        });
  }
}
