package dev.agentrooms.tools;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/// A body subscriber that collects an answer up to a limit, and closes the connection beyond it.
final class CappedBody implements BodySubscriber<byte[]> {

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
  private final CompletableFuture<byte[]> body = new CompletableFuture<>();
  private Flow.@Nullable Subscription subscription;
  private boolean isAborted;

  private CappedBody(int max, long length, ExchangeHold hold) {
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
      hold.reading(body::abort);
      return body;
    };
  }

  @Override
  public CompletionStage<byte[]> getBody() {
    return body;
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    synchronized (hold) {
      subscription = given;
      if (isAborted) {
        given.cancel();
        return;
      }
    }
    given.request(Long.MAX_VALUE);
  }

  private void abort() {
    // After cancelling, a subscriber gets no further signal, so it completes itself.
    body.completeExceptionally(new CancellationException());
    synchronized (hold) {
      isAborted = true;
      if (subscription != null) {
        subscription.cancel();
      }
    }
  }

  @Override
  public void onNext(List<ByteBuffer> parts) {
    for (ByteBuffer part : parts) {
      if (bytes.size() + part.remaining() > max) {
        if (subscription != null) {
          subscription.cancel();
        }
        body.completeExceptionally(new TooLarge());
        return;
      }
      byte[] chunk = new byte[part.remaining()];
      part.get(chunk);
      bytes.writeBytes(chunk);
    }
    // The end of a chunked body is only signalled by onComplete, a moment after the client knows
    // it.
    if (bytes.size() == length) {
      hold.over();
    }
  }

  @Override
  public void onError(Throwable failure) {
    body.completeExceptionally(failure);
  }

  @Override
  public void onComplete() {
    hold.over();
    body.complete(bytes.toByteArray());
  }
}
