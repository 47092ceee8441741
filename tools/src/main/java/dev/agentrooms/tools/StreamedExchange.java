package dev.agentrooms.tools;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A request whose answer is read as it comes, by a virtual thread of its own, and which can be
/// aborted at every moment: before the answer has begun its exchange is cancelled, and after that
/// its body is closed. Either closes the connection.
public final class StreamedExchange {

  private static final Logger LOG = LoggerFactory.getLogger(StreamedExchange.class);

  private final ToolClient client;

  // Guarded by this object's lock.
  private @Nullable CompletableFuture<HttpResponse<InputStream>> sent;
  private @Nullable InputStream body;
  private @Nullable Thread reader;
  private boolean isAborted;

  public StreamedExchange(ToolClient client) {
    this.client = client;
  }

  /// @param reading what the thread does, which begins with [#answer]
  public synchronized void start(HttpRequest request, String name, Runnable reading) {
    sent = client.send(request, BodyHandlers.ofInputStream());
    reader = Thread.ofVirtual().name(name).start(reading);
  }

  /// Sends another request when the answer to the one before has been read.
  public synchronized void again(HttpRequest request) {
    body = null;
    if (!isAborted) {
      sent = client.send(request, BodyHandlers.ofInputStream());
    }
  }

  /// The answer, once it has begun. Whoever gets it closes its body.
  ///
  /// @throws CancellationException when it is aborted
  public HttpResponse<InputStream> answer() throws InterruptedException, ExecutionException {
    CompletableFuture<HttpResponse<InputStream>> underWay;
    synchronized (this) {
      underWay = sent;
    }
    if (underWay == null) {
      throw new CancellationException();
    }
    HttpResponse<InputStream> answer = underWay.get();
    synchronized (this) {
      body = answer.body();
      if (!isAborted) {
        return answer;
      }
    }
    close(answer.body());
    throw new CancellationException();
  }

  /// Whether a failure of [#answer] says that nobody was there to be asked.
  public static boolean isRefused(ExecutionException failure) {
    return failure.getCause() instanceof ConnectException
        || failure.getCause() instanceof HttpConnectTimeoutException;
  }

  public synchronized boolean isAborted() {
    return isAborted;
  }

  /// Harmless when it is repeated.
  public void abort() {
    InputStream reading;
    synchronized (this) {
      if (isAborted) {
        return;
      }
      isAborted = true;
      reading = body;
      if (reading == null && sent != null) {
        sent.cancel(true);
      }
      if (reader != null) {
        reader.interrupt();
      }
    }
    if (reading != null) {
      close(reading);
    }
  }

  private static void close(InputStream in) {
    try {
      in.close();
    } catch (IOException e) {
      LOG.debug("closing a connection failed", e);
    }
  }
}
