package dev.agentrooms.tools.model;

import dev.agentrooms.tools.ExchangeHold;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/// The body of a model's answer: an event stream goes on piece by piece, anything else is
/// collected up to a limit.
final class ModelBody implements BodySubscriber<ModelBody.Read> {

  /// A body that has been read.
  ///
  /// @param isStream whether it went to the [AnswerStream]
  /// @param whole the body otherwise; null when it is too long
  record Read(boolean isStream, byte @Nullable [] whole) {}

  private final ExchangeHold hold;
  private final @Nullable AnswerStream stream;
  private final int max;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final CompletableFuture<Read> body = new CompletableFuture<>();
  private Flow.@Nullable Subscription subscription;
  private boolean isAborted;

  private ModelBody(ExchangeHold hold, @Nullable AnswerStream stream, int max) {
    this.hold = hold;
    this.stream = stream;
    this.max = max;
  }

  /// @param stream takes an event stream; null when none was asked for
  /// @param max the longest other body
  static BodyHandler<Read> handler(ExchangeHold hold, @Nullable AnswerStream stream, int max) {
    return answer -> {
      if (answer.headers().firstValue("Content-Length").filter("0"::equals).isPresent()) {
        hold.over();
      }
      ModelBody body = new ModelBody(hold, isStream(answer) ? stream : null, max);
      hold.reading(body::abort);
      return body;
    };
  }

  private static boolean isStream(ResponseInfo answer) {
    String type = answer.headers().firstValue("Content-Type").orElse("").toLowerCase(Locale.ROOT);
    return answer.statusCode() / 100 == 2
        && (type.isEmpty()
            || type.startsWith("text/event-stream")
            || type.startsWith("text/plain"));
  }

  @Override
  public CompletionStage<Read> getBody() {
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
  public void onNext(List<ByteBuffer> pieces) {
    if (body.isDone()) {
      return;
    }
    for (ByteBuffer piece : pieces) {
      if (stream != null) {
        stream.read(piece);
      } else if (bytes.size() + piece.remaining() > max) {
        end(new Read(false, null));
        return;
      } else {
        byte[] chunk = new byte[piece.remaining()];
        piece.get(chunk);
        bytes.writeBytes(chunk);
      }
    }
    if (stream != null && stream.isOver()) {
      // What follows is read and dropped, so that the connection can be used again.
      body.complete(new Read(true, null));
    }
  }

  private void end(Read read) {
    if (subscription != null) {
      subscription.cancel();
    }
    body.complete(read);
  }

  @Override
  public void onError(Throwable failure) {
    body.completeExceptionally(failure);
  }

  @Override
  public void onComplete() {
    hold.over();
    if (stream != null && !body.isDone()) {
      stream.end();
    }
    body.complete(new Read(stream != null, bytes.toByteArray()));
  }
}
