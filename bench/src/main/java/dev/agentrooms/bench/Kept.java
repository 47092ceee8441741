package dev.agentrooms.bench;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Where our server keeps what it is told.
enum Kept {
  MEMORY("in memory", Map.of("STORE_KIND", "memory")),
  RUNS("in a file", Map.of("STORE_KIND", "file", "STORE_SYNC", "runs")),
  ALWAYS("in a file, always synced", Map.of("STORE_KIND", "file", "STORE_SYNC", "always")),
  /// In the database that STORE_URL, STORE_USER and STORE_PASSWORD of the bench name.
  POSTGRESQL("in PostgreSQL", Map.of("STORE_KIND", "postgresql"));

  private final String words;
  private final Map<String, String> settings;

  Kept(String words, Map<String, String> settings) {
    this.words = words;
    this.settings = settings;
  }

  static Kept of(String word) {
    try {
      return valueOf(word.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("there is no store " + word, e);
    }
  }

  String words() {
    return words;
  }

  /// Whether a process finds what the one before it left in the same folder.
  boolean isInFolder() {
    return this == RUNS || this == ALWAYS;
  }

  Optional<String> missing() {
    return this == POSTGRESQL && System.getenv("STORE_URL") == null
        ? Optional.of("STORE_URL names no database")
        : Optional.empty();
  }

  /// @param dir of the server under test
  void putInto(Map<String, String> environment, Path dir) {
    if (this != POSTGRESQL) {
      environment.remove("STORE_URL");
    }
    environment.putAll(settings);
    environment.put("STORE_DIR", dir.resolve("data").toString());
  }
}
