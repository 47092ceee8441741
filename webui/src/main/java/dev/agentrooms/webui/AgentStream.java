package dev.agentrooms.webui;

import dev.agentrooms.webui.watch.OpenSockets;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Flow;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.stream.javadsl.JavaFlowSupport;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/// The body of an agent's answer: complete, or an event stream that is passed on as it comes, with
/// back-pressure. When the reader leaves, the stream to the agent is closed.
sealed interface AgentStream {

  record Whole(byte[] bytes) implements AgentStream {}

  record Live(Flow.Publisher<List<ByteBuffer>> parts) implements AgentStream {

    /// @param allowed for how long it may be read; null for no limit
    HttpEntity.Chunked entity(@Nullable Duration allowed, OpenSockets open) {
      Source<ByteString, NotUsed> source =
          JavaFlowSupport.Source.fromPublisher(parts).map(Live::joined);
      Source<ByteString, NotUsed> granted = allowed == null ? source : source.takeWithin(allowed);
      return HttpEntities.createChunked(
          MediaTypes.TEXT_EVENT_STREAM.toContentType(), granted.via(open.registered()));
    }

    private static ByteString joined(List<ByteBuffer> parts) {
      ByteString all = ByteString.emptyByteString();
      for (ByteBuffer part : parts) {
        all = all.concat(ByteString.fromByteBuffer(part));
      }
      return all;
    }
  }

  static BodyHandler<AgentStream> handler() {
    return info ->
        info.headers().firstValue("content-type").orElse("").startsWith("text/event-stream")
            ? BodySubscribers.mapping(BodySubscribers.ofPublisher(), Live::new)
            : BodySubscribers.mapping(BodySubscribers.ofByteArray(), Whole::new);
  }
}
