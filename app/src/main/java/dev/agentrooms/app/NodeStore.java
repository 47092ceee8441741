package dev.agentrooms.app;

import dev.agentrooms.http.BadSetting;
import dev.agentrooms.http.Settings;
import dev.agentrooms.store.Store;
import dev.agentrooms.store.StoreListener;
import dev.agentrooms.store.StoreRefused;
import dev.agentrooms.store.StoreSettings;
import dev.agentrooms.store.Stores;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The store of this process, as an operator names it.
final class NodeStore {

  private static final String KIND = "store.kind";
  private static final String URL = "store.url";
  private static final String DIR = "store.dir";
  private static final Path DEFAULT_DIR = Path.of("data");

  private NodeStore() {}

  /// The store of a process with these roles: agent and web UI in processes of their own have a
  /// folder each below that of both together, unless a setting names one.
  ///
  /// @throws BadSetting naming the first setting that cannot be right
  static StoreSettings settings(Settings settings, Set<Role> roles) {
    StoreSettings store = settings(settings);
    boolean isAlone = roles.contains(Role.AGENT) != roles.contains(Role.WEBUI);
    return isAlone && store.dir().equals(DEFAULT_DIR)
        ? store.in(DEFAULT_DIR.resolve(roles.contains(Role.AGENT) ? "agent" : "webui"))
        : store;
  }

  /// @throws BadSetting naming the first setting that cannot be right
  static StoreSettings settings(Settings settings) {
    String url = settings.optionalText(URL);
    StoreSettings.Kind kind = kind(settings, url);
    return new StoreSettings(
        kind,
        dir(settings),
        url,
        settings.optionalText("store.user"),
        settings.optionalText("store.password"),
        settings.oneOf("store.sync", StoreSettings.Sync.class),
        settings.duration("store.sync-interval"),
        settings.integer("store.writers", 1, 64),
        settings.duration("store.patience"),
        settings.integer("store.max-waiting", 1, 1_000_000));
  }

  private static StoreSettings.Kind kind(Settings settings, @Nullable String url) {
    if (url != null && !url.startsWith("jdbc:postgresql:")) {
      // It may have a password, so it is not shown.
      throw new BadSetting(URL, "must be like jdbc:postgresql://host:5432/database");
    }
    StoreSettings.Kind kind =
        settings.optionalText(KIND) != null
            ? settings.oneOf(KIND, StoreSettings.Kind.class)
            : url == null ? StoreSettings.Kind.FILE : StoreSettings.Kind.POSTGRESQL;
    boolean isPostgresql = kind == StoreSettings.Kind.POSTGRESQL;
    if (isPostgresql && url == null) {
      throw new BadSetting(KIND, "is postgresql, and " + URL + " is not set");
    }
    if (!isPostgresql && url != null) {
      throw new BadSetting(
          KIND, "is " + settings.text(KIND) + ", and " + URL + " is set: leave one of them out");
    }
    return kind;
  }

  private static Path dir(Settings settings) {
    String text = settings.nonEmpty(DIR);
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new BadSetting(DIR, "is no name of a folder");
    }
  }

  /// @throws BadSetting when it cannot be had
  static Store open(StoreSettings settings, StoreListener listener) {
    try {
      return Stores.open(settings, InstantSource.system(), listener);
    } catch (StoreRefused e) {
      throw refused(e);
    }
  }

  /// The folder of a store that has one.
  ///
  /// @param otherwise what is done with a database instead
  /// @throws BadSetting when it has none
  static Path folder(Settings settings, String otherwise) {
    StoreSettings store = settings(settings);
    return switch (store.kind()) {
      case FILE -> store.dir();
      case POSTGRESQL -> throw new BadSetting(URL, "a database is " + otherwise);
      case MEMORY -> throw new BadSetting(KIND, "is memory, of which there is nothing to copy");
    };
  }

  /// A file as whoever typed its name means it, from the folder in which they are.
  static Path given(Path file) {
    return Path.of(System.getProperty("agent-rooms.folder", "")).resolve(file);
  }

  static BadSetting refused(StoreRefused why) {
    return new BadSetting(why.key(), why.why());
  }
}
