package dev.agentrooms.app;

import com.typesafe.config.Config;
import dev.agentrooms.agent.AgentSettings;
import dev.agentrooms.agent.NotesWiring;
import dev.agentrooms.http.BadSetting;
import dev.agentrooms.http.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The settings of `up`, with its options: where the built-in tools work when nothing else says so.
///
/// That is in this process, over the notes of the examples, where a checkout has them; with
/// `--mocks`, or where the role is named, at the stand-ins.
///
/// @param named the roles that are named; none for all
record UpSettings(@Nullable Path workflows, @Nullable Path notes, boolean mocks, Set<Role> named) {

  private static final String DIR = "agent.notes.dir";
  private static final String STAND_INS = "mocks.url";

  Config config() {
    if (mocks && notes != null) {
      throw new BadSetting("--mocks", "is without notes, and cannot be together with --notes");
    }
    // `./dev` changes the folder, and passes the one that it was called from.
    Path folder = Path.of(System.getProperty("agent-rooms.folder", ""));
    Map<String, String> given = new HashMap<>();
    if (workflows != null) {
      given.put("agent.workflows.file", folder.resolve(workflows).toString());
    }
    if (notes != null) {
      given.put(DIR, folder.resolve(notes).toString());
    }
    Config config = Settings.load(given);
    Map<String, String> chosen = chosen(Settings.of(config));
    if (chosen.isEmpty()) {
      return config;
    }
    given.putAll(chosen);
    return Settings.load(given);
  }

  private Map<String, String> chosen(Settings settings) {
    Map<String, String> chosen = new HashMap<>();
    if (mocks || named.contains(Role.MOCKS)) {
      for (String url : NotesWiring.unset(settings)) {
        chosen.put(url, settings.text(STAND_INS));
      }
    } else if (settings.optionalText(DIR) == null && !NotesWiring.unset(settings).isEmpty()) {
      String home = System.getProperty("agent-rooms.home");
      Path examples = Path.of(home == null ? "" : home, "examples", "notes");
      if (home != null && Files.isDirectory(examples)) {
        chosen.put(DIR, examples.toString());
      }
    }
    return chosen;
  }

  /// The roles that are named, or all that are wanted: the stand-ins only where a tool calls them.
  static Set<Role> roles(Set<Role> named, AgentSettings agent, Settings settings) {
    if (!named.isEmpty()) {
      return named;
    }
    Set<Role> roles = EnumSet.copyOf(Role.installed());
    if (!agent.call(settings.url(STAND_INS))) {
      roles.remove(Role.MOCKS);
    }
    return roles;
  }
}
