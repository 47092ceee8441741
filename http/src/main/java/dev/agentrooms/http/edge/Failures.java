package dev.agentrooms.http.edge;

import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http2.Http2Exception;
import java.io.IOException;
import org.slf4j.Logger;

/// What is made known of a connection that failed.
final class Failures {

  private Failures() {}

  /// What a client can bring about leaves no line: a log must not grow by what strangers send.
  static void log(Logger log, Throwable failure) {
    if (failure instanceof IOException
        || failure instanceof DecoderException
        || failure instanceof Http2Exception) {
      log.debug("a connection broke: {}", String.valueOf(failure.getMessage()));
    } else {
      log.warn("a connection failed: {}", String.valueOf(failure));
    }
  }
}
