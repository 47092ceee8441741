package dev.agentrooms.tools.model;

import dev.agentrooms.tools.ExchangeHold;
import dev.agentrooms.tools.HeldBody;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The body of a model's answer: an event stream goes on piece by piece, anything else is
/// collected up to a limit.
final class ModelBody extends HeldBody<ModelBody.Read> {

  /// A body that has been read.
  ///
  /// @param isStream whether it went to the [AnswerStream]
  /// @param whole the body otherwise; null when it is too long
  record Read(boolean isStream, byte @Nullable [] whole) {}

  private final @Nullable AnswerStream stream;
  private final int max;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  private ModelBody(ExchangeHold hold, @Nullable AnswerStream stream, int max) {
    super(hold);
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
      body.begin();
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
  protected void take(List<ByteBuffer> pieces) {
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
      complete(new Read(true, null));
    }
  }

  @Override
  protected Read whole() {
    if (stream != null) {
      stream.end();
    }
    return new Read(stream != null, bytes.toByteArray());
  }
}
