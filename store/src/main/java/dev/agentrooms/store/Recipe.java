package dev.agentrooms.store;

/// Instructions for a damaged store, for error messages.
final class Recipe {

  static final String RESTORE = "Restore a backup (./dev restore FILE), or name another folder";

  private Recipe() {}
}
