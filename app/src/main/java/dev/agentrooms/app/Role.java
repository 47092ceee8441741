package dev.agentrooms.app;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/// What a process may be.
enum Role {
  AGENT,
  WEBUI,
  MOCKS;

  /// All of them, save for the mocks where production goes without.
  static Set<Role> installed() {
    return StandIns.areInstalled() ? EnumSet.allOf(Role.class) : EnumSet.of(AGENT, WEBUI);
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
