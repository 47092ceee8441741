package dev.agentrooms.tools;

import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/// A body subscriber that an [ExchangeHold] can abort at every moment, and that can end before the
/// body does; either closes the connection.
///
/// @param <T> what becomes of the body
public abstract class HeldBody<T> implements BodySubscriber<T> {

  private final ExchangeHold hold;
  private final CompletableFuture<T> body = new CompletableFuture<>();
  private Flow.@Nullable Subscription subscription;
  private boolean isAborted;

  protected HeldBody(ExchangeHold hold) {
    this.hold = hold;
  }

  /// The answer has begun, and can be aborted from now on.
  protected final void begin() {
    hold.reading(this::abort);
  }

  /// Takes what has come of the body.
  protected abstract void take(List<ByteBuffer> pieces);

  /// What the whole body is.
  protected abstract T whole();

  protected final boolean isDone() {
    return body.isDone();
  }

  /// What follows is read and dropped, so that the connection can be used again.
  protected final void complete(T read) {
    body.complete(read);
  }

  /// Nothing more is read.
  protected final void end(T read) {
    cancel();
    body.complete(read);
  }

  /// Nothing more is read.
  protected final void fail(Throwable failure) {
    cancel();
    body.completeExceptionally(failure);
  }

  private void cancel() {
    if (subscription != null) {
      subscription.cancel();
    }
  }

  private void abort() {
    // After cancelling, a subscriber gets no further signal, so it completes itself.
    body.completeExceptionally(new CancellationException());
    synchronized (hold) {
      isAborted = true;
      cancel();
    }
  }

  @Override
  public final CompletionStage<T> getBody() {
    return body;
  }

  @Override
  public final void onSubscribe(Flow.Subscription given) {
    synchronized (hold) {
      subscription = given;
      if (isAborted) {
        given.cancel();
        return;
      }
    }
    given.request(Long.MAX_VALUE);
  }

  @Override
  public final void onNext(List<ByteBuffer> pieces) {
    if (!body.isDone()) {
      take(pieces);
    }
  }

  @Override
  public final void onError(Throwable failure) {
    body.completeExceptionally(failure);
  }

  @Override
  public final void onComplete() {
    hold.over();
    if (!body.isDone()) {
      body.complete(whole());
    }
  }
}
