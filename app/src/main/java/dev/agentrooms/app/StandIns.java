package dev.agentrooms.app;

import dev.agentrooms.http.BadSetting;
import dev.agentrooms.http.HttpAddress;
import dev.agentrooms.mocks.Mocks;
import java.net.BindException;

/// Starts the mocks if the class path has them, which is the case in development only. The only
/// class that names theirs, so that production needs neither them nor their libraries.
final class StandIns implements AutoCloseable {

  private final Mocks mocks;

  private StandIns(Mocks mocks) {
    this.mocks = mocks;
  }

  static boolean areInstalled() {
    try {
      Class.forName("dev.agentrooms.mocks.Mocks", false, StandIns.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /// @throws BadSetting when the port is taken
  static StandIns start(HttpAddress at) {
    try {
      return new StandIns(Mocks.start(at.host(), at.port()));
    } catch (RuntimeException e) {
      for (Throwable t = e; t != null; t = t.getCause()) {
        if (t instanceof BindException) {
          throw at.taken();
        }
      }
      throw e;
    }
  }

  String url() {
    return mocks.url();
  }

  @Override
  public void close() {
    mocks.close();
  }
}
