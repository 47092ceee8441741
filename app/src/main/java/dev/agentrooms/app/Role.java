package dev.agentrooms.app;

import java.util.Locale;

/// What a process may be.
enum Role {
  AGENT,
  WEBUI,
  MOCKS;

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
