package dev.agentrooms.app;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/// A part of the system that a process can run.
enum Role {
  AGENT,
  WEBUI,
  MOCKS;

  /// All roles; without the mocks where they are not on the class path.
  static Set<Role> installed() {
    return StandIns.areInstalled() ? EnumSet.allOf(Role.class) : EnumSet.of(AGENT, WEBUI);
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
