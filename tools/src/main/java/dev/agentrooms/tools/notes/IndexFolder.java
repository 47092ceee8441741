package dev.agentrooms.tools.notes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The temporary folder of an index, such as `agent-rooms-notes-4711-830249`: the process that
/// made it is part of its name, so that one left by a process that was killed is recognised.
final class IndexFolder {

  private static final Logger LOG = LoggerFactory.getLogger(IndexFolder.class);
  private static final String PREFIX = "agent-rooms-notes-";

  private IndexFolder() {}

  static Path create() throws IOException {
    Path folder = Files.createTempDirectory(PREFIX + ProcessHandle.current().pid() + "-");
    deleteLeftOvers(folder.resolveSibling("."));
    return folder;
  }

  private static void deleteLeftOvers(Path parent) {
    try (Stream<Path> all = Files.list(parent)) {
      all.filter(IndexFolder::isLeftOver).toList().forEach(IndexFolder::delete);
    } catch (IOException e) {
      LOG.debug("{} cannot be listed", parent, e);
    }
  }

  private static boolean isLeftOver(Path path) {
    String name = String.valueOf(path.getFileName());
    String[] parts =
        name.startsWith(PREFIX) ? name.substring(PREFIX.length()).split("-") : new String[0];
    return parts.length == 2
        && parts[0].matches("\\d{1,18}")
        && ProcessHandle.of(Long.parseLong(parts[0])).isEmpty();
  }

  static void delete(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
      for (Path each : deepestFirst) {
        Files.deleteIfExists(each);
      }
    } catch (IOException e) {
      // Another's, or gone already: the system empties its temporary folder some time.
      LOG.debug("{} cannot be deleted", folder, e);
    }
  }
}
