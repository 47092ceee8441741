package dev.agentrooms.agent;

import dev.agentrooms.http.BadSetting;
import dev.agentrooms.http.Settings;
import dev.agentrooms.tools.ModelTools;
import dev.agentrooms.tools.Tool;
import dev.agentrooms.tools.Toolbox;
import dev.agentrooms.tools.Tools;
import dev.agentrooms.tools.notes.Notes;
import dev.agentrooms.tools.notes.NotesList;
import dev.agentrooms.tools.notes.NotesSettings;
import dev.agentrooms.tools.notes.NotesTools;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Which of the built-in tools work in this process, over which folder of notes.
///
/// A tool whose service has a URL never does. One that has neither a URL nor notes calls the
/// stand-ins.
///
/// @param notes without a folder there are none
/// @param here names of the tools that work in this process
public record NotesWiring(NotesSettings notes, Set<String> here) {

  static final NotesWiring NONE =
      new NotesWiring(new NotesSettings(null, Duration.ofSeconds(5), 1, 1, 1), Set.of());

  static final String RAG = "agent.tools.rag.url";
  static final String GENERATOR = "agent.tools.test-generator.url";

  private static final String DIR = "agent.notes.dir";
  private static final String STAND_INS = "mocks.url";

  public NotesWiring {
    here = Set.copyOf(here);
  }

  /// @throws BadSetting when the folder is none
  static NotesWiring from(Settings settings) {
    NotesSettings notes = notes(settings);
    Set<String> here = new HashSet<>();
    if (notes.dir() != null) {
      if (settings.optionalUrl(RAG) == null) {
        here.addAll(Set.of(NotesTools.SEARCH, NotesTools.ANSWER));
      }
      if (settings.optionalUrl(GENERATOR) == null) {
        here.addAll(Set.of(NotesTools.GENERATE, NotesTools.GRADE));
      }
    }
    return new NotesWiring(notes, here);
  }

  private static NotesSettings notes(Settings settings) {
    return new NotesSettings(
        dir(settings),
        settings.duration("agent.notes.rescan"),
        settings.integer("agent.notes.max-files", 1, 1_000_000),
        settings.size("agent.notes.max-file-size"),
        settings.size("agent.notes.max-total-size"));
  }

  private static @Nullable Path dir(Settings settings) {
    String text = settings.optionalText(DIR);
    if (text == null) {
      return null;
    }
    try {
      Path dir = Path.of(text);
      if (!Files.isDirectory(dir)) {
        throw new BadSetting(DIR, "must be a folder, and \"" + text + "\" is none");
      }
      if (!Files.isReadable(dir)) {
        throw new BadSetting(DIR, "\"" + text + "\" cannot be read");
      }
      return dir;
    } catch (InvalidPathException e) {
      throw new BadSetting(DIR, "must be a folder, and is \"" + text + "\"");
    }
  }

  /// The URL that a tool of `key` calls, unless it works in this process.
  static URI url(Settings settings, String key) {
    URI own = settings.optionalUrl(key);
    return own == null ? settings.url(STAND_INS) : own;
  }

  /// The settings of those services that have no URL.
  public static List<String> unset(Settings settings) {
    return Stream.of(RAG, GENERATOR).filter(key -> settings.optionalUrl(key) == null).toList();
  }

  /// Begins to read the notes, which goes on behind this.
  public Reading read(InstantSource clock) {
    Path dir = notes.dir();
    return new Reading(dir == null ? null : Notes.start(dir, notes, clock));
  }

  /// The notes of a server from its start to its end.
  ///
  /// @param notes null when there are none
  public record Reading(@Nullable Notes notes) implements AutoCloseable {

    boolean isReady() {
      return notes == null || notes.isReady();
    }

    NotesList list() {
      return notes == null ? NotesList.NONE : notes.list();
    }

    @Override
    public void close() {
      if (notes != null) {
        notes.close();
      }
    }
  }

  /// These tools, with a model's limits where they ask one.
  ///
  /// @param retryDelay pause before a model is asked once more
  Tools asking(Tools tools, Duration retryDelay) {
    return tools.with(
        tool ->
            here.contains(tool.name()) && NotesTools.ASKING.contains(tool.name())
                ? ModelTools.asking(tool, retryDelay)
                : tool);
  }

  /// @param next for all other tools
  /// @param model the model as a tool of `next`; null without one
  Toolbox over(Reading reading, Toolbox next, @Nullable Tool model, InstantSource clock) {
    Notes read = reading.notes();
    return read == null ? next : new NotesTools(read, here, next, model, clock);
  }
}
