package dev.agentrooms.tools.notes;

/// A file cannot be read as what its ending says that it is.
final class Unreadable extends Exception {

  /// @param why for people, such as "is encrypted"
  Unreadable(String why) {
    super(why);
  }

  String why() {
    return String.valueOf(getMessage());
  }
}
