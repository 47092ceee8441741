package dev.agentrooms.store;

/// A store that cannot be opened or copied, with the setting that is to blame. Nothing was
/// changed.
public final class StoreRefused extends RuntimeException {

  private final String key;
  private final String why;

  public StoreRefused(String key, String why) {
    super(key + ": " + why, null, false, false);
    this.key = key;
    this.why = why;
  }

  /// The setting, such as `store.dir`.
  public String key() {
    return key;
  }

  public String why() {
    return why;
  }
}
