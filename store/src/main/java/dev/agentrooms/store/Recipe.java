package dev.agentrooms.store;

/// What to do when a store is broken.
final class Recipe {

  static final String RESTORE = "Restore a backup (./dev restore FILE), or name another folder";

  private Recipe() {}
}
