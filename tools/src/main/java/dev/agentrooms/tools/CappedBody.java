package dev.agentrooms.tools;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse.BodyHandler;
import java.nio.ByteBuffer;
import java.util.List;

/// Collects an answer up to a limit, and closes the connection beyond it.
final class CappedBody extends HeldBody<byte[]> {

  /// Signals that the body is longer than the limit.
  static final class TooLarge extends IOException {
    TooLarge() {
      super("answer too large");
    }
  }

  private final int max;
  private final long length;
  private final ExchangeHold hold;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  private CappedBody(int max, long length, ExchangeHold hold) {
    super(hold);
    this.max = max;
    this.length = length;
    this.hold = hold;
  }

  /// @param hold is told when the body is complete
  static BodyHandler<byte[]> handler(int max, ExchangeHold hold) {
    return answer -> {
      long length =
          answer
              .headers()
              .firstValue("Content-Length")
              .filter(text -> text.matches("\\d{1,18}"))
              .map(Long::parseLong)
              .orElse(-1L);
      if (length == 0) {
        hold.over();
      }
      CappedBody body = new CappedBody(max, length, hold);
      body.begin();
      return body;
    };
  }

  @Override
  protected void take(List<ByteBuffer> pieces) {
    for (ByteBuffer piece : pieces) {
      if (bytes.size() + piece.remaining() > max) {
        fail(new TooLarge());
        return;
      }
      byte[] chunk = new byte[piece.remaining()];
      piece.get(chunk);
      bytes.writeBytes(chunk);
    }
    // The end of a chunked body is only signalled by onComplete, a moment after the client knows
    // it.
    if (bytes.size() == length) {
      hold.over();
    }
  }

  @Override
  protected byte[] whole() {
    return bytes.toByteArray();
  }
}
