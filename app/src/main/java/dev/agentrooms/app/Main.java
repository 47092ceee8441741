package dev.agentrooms.app;

import dev.agentrooms.http.BadSetting;
import dev.agentrooms.http.Settings;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// `agent-rooms [agent|webui|mocks]`: starts the roles that are named, or all, and runs until it is
/// told to stop.
public final class Main {

  private Main() {}

  public static void main(String[] args) {
    try {
      Set<Role> roles = roles(args);
      AgentRooms rooms = AgentRooms.start(Settings.load(), roles);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(rooms), "stop"));
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

  private static void stop(AgentRooms rooms) {
    System.out.println("Stopping.");
    rooms.close();
    // Told to stop and stopped: that is success, whatever the signal.
    Runtime.getRuntime().halt(0);
  }
}
