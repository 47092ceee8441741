package dev.agentrooms.tools.local;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/// Takes bytes up to a limit, so that what is written for ever ends.
final class Capped extends FilterOutputStream {

  /// Signals that there are more.
  static final class Full extends IOException {
    Full() {
      super("too many bytes");
    }
  }

  private long left;

  Capped(OutputStream out, long max) {
    super(out);
    left = max;
  }

  @Override
  public void write(int b) throws IOException {
    take(1);
    out.write(b);
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    take(length);
    out.write(bytes, from, length);
  }

  private void take(int length) throws IOException {
    left -= length;
    if (left < 0) {
      throw new Full();
    }
  }
}
