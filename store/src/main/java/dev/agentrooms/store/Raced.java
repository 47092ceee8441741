package dev.agentrooms.store;

import java.sql.SQLException;

/// Another writer came in between; the transaction has to begin anew.
final class Raced extends SQLException {

  private static final long serialVersionUID = 1;

  Raced(String what) {
    super(what);
  }
}
