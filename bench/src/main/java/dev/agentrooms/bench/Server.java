package dev.agentrooms.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A server under test, and its protocol.
interface Server {

  /// The heading of its column.
  String name();

  /// What tells its variants apart, such as a number of workers; empty when it has one.
  default String variant() {
    return "";
  }

  /// Why it cannot be measured here; empty when it can.
  Optional<String> missing();

  /// The command, its output going to files of `dir`.
  ///
  /// @param tls what it is to prove itself by; null when it is to speak in clear
  ProcessBuilder command(int port, Path dir, @Nullable Certificate tls) throws IOException;

  /// Where an event for `room` is posted.
  ///
  /// @param deflated whether sockets that ask for compression are to get it compressed
  String publishPath(String room, boolean deflated);

  /// Where a socket for `room` is opened.
  ///
  /// @param replay with all that the room retains
  String socketPath(String room, boolean replay);

  /// What an open socket has to say to be in `room`; null when its path has said all.
  @Nullable String subscribe(String room, boolean replay);

  /// Whether a room keeps events for those who come late.
  boolean keepsHistory();

  /// Whether its process is a JVM.
  default boolean isJava() {
    return false;
  }
}
