package dev.agentrooms.store;

import java.sql.SQLException;

/// Another writer interfered; the transaction has to be retried.
final class Raced extends SQLException {

  private static final long serialVersionUID = 1;

  Raced(String what) {
    super(what);
  }
}
