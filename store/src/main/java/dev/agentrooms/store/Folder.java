package dev.agentrooms.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/// The folder of a store, locked by one process at a time.
final class Folder implements AutoCloseable {

  private static final String KEY = "store.dir";
  private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);

  // File systems on which neither locks nor shared memory are reliable.
  private static final Set<String> ELSEWHERE =
      Set.of(
          "nfs",
          "nfs4",
          "cifs",
          "smb",
          "smb2",
          "smb3",
          "smbfs",
          "afs",
          "ceph",
          "lustre",
          "gfs2",
          "ocfs2",
          "ncpfs",
          "fuse.sshfs",
          "fuse.glusterfs",
          "fuse.s3fs",
          "fuse.rclone",
          "davfs",
          "fuse.davfs2");

  private final Path dir;
  private final FileChannel channel;
  private final FileLock lock;

  private Folder(Path dir, FileChannel channel, FileLock lock) {
    this.dir = dir;
    this.channel = channel;
    this.lock = lock;
  }

  /// Creates the folder if necessary, and locks it.
  ///
  /// @throws StoreRefused when it cannot be locked, or its content is not a store
  static Folder open(Path named) {
    Folder folder = lock(named);
    try {
      folder.refuseForeign();
      return folder;
    } catch (StoreRefused e) {
      folder.close();
      throw e;
    } catch (IOException e) {
      folder.close();
      throw refused(folder.dir + " cannot be used: " + words(e));
    }
  }

  /// As [#open], whatever is in it.
  static Folder lock(Path named) {
    Path dir = named.toAbsolutePath().normalize();
    make(dir);
    refuseElsewhere(dir);
    FileChannel channel;
    try {
      channel =
          FileChannel.open(
              dir.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw refused(dir + " cannot be written: " + words(e));
    }
    try {
      return new Folder(dir, channel, lock(dir, channel));
    } catch (StoreRefused e) {
      close(channel);
      throw e;
    } catch (IOException e) {
      close(channel);
      throw refused(dir + " cannot be locked: " + words(e));
    }
  }

  static Path databaseIn(Path dir) {
    return dir.toAbsolutePath().normalize().resolve("store.db");
  }

  private static void make(Path dir) {
    try {
      if (Files.isDirectory(dir)) {
        return;
      }
      FileAttribute<?>[] ours =
          dir.getFileSystem().supportedFileAttributeViews().contains("posix")
              ? new FileAttribute<?>[] {
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
              }
              : new FileAttribute<?>[0];
      Files.createDirectories(dir, ours);
    } catch (FileAlreadyExistsException e) {
      throw refused(dir + " is no folder");
    } catch (IOException e) {
      throw refused(dir + " cannot be made: " + words(e));
    }
  }

  private static void refuseElsewhere(Path dir) {
    if (dir.toString().contains("?")) {
      throw refused(dir + " must have no question mark in its name");
    }
    try {
      String type = Files.getFileStore(dir).type().toLowerCase(Locale.ROOT);
      if (ELSEWHERE.contains(type)) {
        throw refused(
            dir + " is on a network (" + type + "), where files cannot be locked; use PostgreSQL");
      }
    } catch (IOException e) {
      // Unknown, then.
    }
  }

  private static FileLock lock(Path dir, FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return lock;
      }
    } catch (OverlappingFileLockException e) {
      // Locked by this process itself; reported below.
    }
    throw refused(dir + " is in use by another process");
  }

  // SQLite would treat a file of zeros as an empty database, and other files as corrupt ones.
  private void refuseForeign() throws IOException {
    Path file = database();
    if (Files.notExists(file) && Files.exists(next())) {
      throw refused(dir + " is being restored, and that has not ended; restore it again");
    }
    if (!Files.exists(file) || Files.size(file) == 0) {
      if (Files.exists(wal()) && Files.size(wal()) > 0) {
        throw refused(
            file + " is gone or empty, and what was written last is still there (" + wal() + ")");
      }
      return;
    }
    refuseForeign(KEY, file);
    if (Files.notExists(wal())) {
      refuseTorn(KEY, file);
    }
  }

  /// @throws StoreRefused when `file` is not a database
  static void refuseForeign(String key, Path file) throws IOException {
    byte[] head = head(file);
    if (head.length < 100 || !Arrays.equals(head, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      boolean zeros = head.length > 0;
      for (byte b : head) {
        zeros &= b == 0;
      }
      throw new StoreRefused(
          key, file + (zeros ? " is full of zeros" : " is no database") + "; it was left as it is");
    }
    int application = number(head, 68);
    if (application != Sqlite.APPLICATION_ID && application != 0) {
      throw new StoreRefused(key, file + " belongs to another program; it was left as it is");
    }
  }

  /// @throws StoreRefused when `file`, which has no WAL, is shorter than its header says
  static void refuseTorn(String key, Path file) throws IOException {
    byte[] head = head(file);
    int page = number(head, 16) >>> 16;
    long pages = Integer.toUnsignedLong(number(head, 28));
    boolean isSaid = number(head, 24) == number(head, 92);
    if (isSaid && Files.size(file) < pages * (page == 1 ? 65_536 : page)) {
      throw new StoreRefused(
          key, file + " is torn off at its end; it was left as it is. " + Recipe.RESTORE);
    }
  }

  private static byte[] head(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      return in.readNBytes(100);
    }
  }

  private static int number(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 24
        | (bytes[at + 1] & 0xff) << 16
        | (bytes[at + 2] & 0xff) << 8
        | bytes[at + 3] & 0xff;
  }

  Path dir() {
    return dir;
  }

  Path database() {
    return dir.resolve("store.db");
  }

  /// A copy that is about to take the place of the database.
  Path next() {
    return dir.resolve("store.db.next");
  }

  Path wal() {
    return dir.resolve("store.db-wal");
  }

  String url() {
    return "jdbc:sqlite:" + database();
  }

  /// Syncs the directory, because syncing a file does not sync its name.
  void sync() {
    try (FileChannel names = FileChannel.open(dir, StandardOpenOption.READ)) {
      names.force(true);
    } catch (IOException e) {
      // Not supported everywhere; where it is not, it is not needed.
    }
  }

  @Override
  public void close() {
    try {
      lock.release();
    } catch (IOException e) {
      // Released with the file.
    }
    close(channel);
  }

  private static void close(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // Nothing was written.
    }
  }

  private static StoreRefused refused(String why) {
    return new StoreRefused(KEY, why);
  }

  private static String words(IOException e) {
    return e.getClass().getSimpleName().replace("Exception", "") + " " + e.getMessage();
  }
}
