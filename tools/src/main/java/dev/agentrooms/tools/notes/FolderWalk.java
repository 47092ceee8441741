package dev.agentrooms.tools.notes;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;
import java.util.SortedMap;
import java.util.TreeMap;

/// Finds the notes in a folder and those below it: no hidden files or folders, none to which a link
/// leads out of it, nothing that is no regular file.
final class FolderWalk extends SimpleFileVisitor<Path> {

  /// @param stamp changes whenever the file does
  record Found(Path path, Stamp stamp) {}

  /// @param key tells a file from another that took its name
  record Stamp(long size, java.time.Instant modified, String key) {}

  private static final int MAX_DEPTH = 50;

  private final Path root;
  private final Path real;
  private final SortedMap<String, Found> found = new TreeMap<>();

  private FolderWalk(Path root, Path real) {
    this.root = root;
    this.real = real;
  }

  /// By the path below the folder, with `/`.
  static SortedMap<String, Found> of(Path root) throws IOException {
    FolderWalk walk = new FolderWalk(root, root.toRealPath());
    Files.walkFileTree(root, EnumSet.of(FileVisitOption.FOLLOW_LINKS), MAX_DEPTH, walk);
    return walk.found;
  }

  @Override
  public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
      throws IOException {
    return folder.equals(root) || (!isHidden(folder) && isWithin(folder))
        ? FileVisitResult.CONTINUE
        : FileVisitResult.SKIP_SUBTREE;
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
    if (attributes.isRegularFile()
        && !isHidden(file)
        && NoteReader.isNote(String.valueOf(file.getFileName()))
        && isWithin(file)) {
      found.put(
          source(file),
          new Found(
              file,
              new Stamp(
                  attributes.size(),
                  attributes.lastModifiedTime().toInstant(),
                  String.valueOf(attributes.fileKey()))));
    }
    return FileVisitResult.CONTINUE;
  }

  // A link that leads nowhere, or in a circle, or a folder that may not be read.
  @Override
  public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
    if (file.equals(root)) {
      throw failure;
    }
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult postVisitDirectory(
      Path folder, @org.jspecify.annotations.Nullable IOException failure) {
    return FileVisitResult.CONTINUE;
  }

  private static boolean isHidden(Path path) {
    return String.valueOf(path.getFileName()).startsWith(".");
  }

  private boolean isWithin(Path path) throws IOException {
    return !Files.isSymbolicLink(path) || path.toRealPath().startsWith(real);
  }

  private String source(Path file) {
    return root.relativize(file).toString().replace(file.getFileSystem().getSeparator(), "/");
  }
}
