package dev.agentrooms.http.edge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What is read does not depend on how it came.
@Tag("unit")
class StrictDecoderTest {

  private static final String HEAD = "POST /said HTTP/1.1\r\nHost: a\r\n";
  private static final String CHUNKED = HEAD + "Transfer-Encoding: chunked\r\n\r\n";
  private static final String NEXT = "GET /next HTTP/1.1\r\nHost: a\r\n\r\n";

  /// Each behind the last has to be read, or refused, in the same way.
  private static final List<String> SAID =
      List.of(
          NEXT + NEXT + NEXT,
          "\r\n\r\n" + NEXT + "\r\n" + NEXT,
          HEAD + "Content-Length: 5\r\n\r\nhello" + NEXT,
          HEAD + "Content-Length: 0\r\n\r\n" + NEXT,
          CHUNKED + "5\r\nhello\r\n0\r\n\r\n" + NEXT,
          CHUNKED + "1\r\nh\r\n4;a=\"b;c\"\r\nello\r\n0\r\n\r\n" + NEXT,
          CHUNKED + "0\r\n\r\n" + NEXT,
          CHUNKED + "000;x\r\nA: b\r\nC:\r\n\r\n" + NEXT,
          CHUNKED + "2\r\n\r\n\r\n0\r\n\r\n" + NEXT,
          CHUNKED + "2\r\n{}\r\n0\r\nA: b\r\n c\r\n\r\n" + NEXT,
          CHUNKED + "2\r\n{}\r\n0\r\nA b\r\n\r\n" + NEXT,
          CHUNKED + "2\n{}\r\n0\r\n\r\n" + NEXT,
          CHUNKED + "2\r\n{}\n0\r\n\r\n" + NEXT,
          CHUNKED + "2\r\n{}}\r\n0\r\n\r\n" + NEXT,
          CHUNKED + "2 \r\n{}\r\n0\r\n\r\n" + NEXT,
          CHUNKED + "2;\r\n{}\r\n0\r\n\r\n" + NEXT,
          CHUNKED + "2\r\r\n{}\r\n0\r\n\r\n" + NEXT,
          CHUNKED + "fffffff0\r\n{}\r\n0\r\n\r\n" + NEXT,
          NEXT + "\r" + NEXT,
          NEXT + "\n" + NEXT,
          NEXT + "\0" + NEXT,
          NEXT + " " + NEXT,
          NEXT + "GET /  HTTP/1.1\r\nHost: a\r\n\r\n" + NEXT,
          NEXT + "GET / HTTP/1.1\nHost: a\r\n\r\n" + NEXT,
          NEXT + "GET / HTTP/1.1\r\nHost: a\n\r\n" + NEXT,
          NEXT + "GET / HTTP/1.1\r\nHost: a\r\n\n" + NEXT,
          NEXT + "GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n" + NEXT,
          NEXT + "GET / HTTP/1.1\r\n Host: a\r\n\r\n" + NEXT,
          NEXT + "GET / HTTP/1.1\r\nHo st: a\r\n\r\n" + NEXT,
          NEXT + "GET / HTTP/1.1\r\nX: a\rb\r\n\r\n" + NEXT,
          NEXT + HEAD + "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}" + NEXT,
          NEXT + HEAD.replace("1.1", "1.0") + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
          NEXT + HEAD + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + NEXT,
          NEXT + HEAD + "X: y\r\n".repeat(101) + "\r\n" + NEXT,
          "\u0016\u0003\u0001" + NEXT);

  @Test
  void whereverItIsCutTheSameIsRead() {
    int cuts = 0;
    for (String said : SAID) {
      String whole = read(said, said.length());
      for (int at = 1; at < said.length(); at++) {
        assertThat(read(said, at)).as("%s at %d", said, at).isEqualTo(whole);
        cuts++;
      }
      for (int size = 1; size < 8; size++) {
        assertThat(read(said, size, true)).as("%s by %d", said, size).isEqualTo(whole);
        cuts++;
      }
    }
    System.out.printf("%d requests in %d ways%n", SAID.size(), cuts);
  }

  @Test
  void behindWhatIsRefusedNothingIsRead() {
    for (String said : SAID) {
      String read = read(said, said.length());
      int refused = read.indexOf('!');
      if (refused >= 0) {
        assertThat(read.substring(refused)).as(said).hasSizeLessThan(6);
      }
    }
    assertThat(SAID.stream().filter(said -> read(said, said.length()).contains("!"))).hasSize(26);
  }

  @Test
  void whilePausedItReadsNothingAndLosesNothing() throws Exception {
    StrictDecoder decoder = new StrictDecoder();
    EmbeddedChannel channel = new EmbeddedChannel(decoder);
    decoder.pause();
    channel.writeInbound(Unpooled.copiedBuffer(NEXT + NEXT, ISO_8859_1));
    channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    assertThat(channel.inboundMessages()).isEmpty();
    assertThat(decoder.hasInputEnded()).isTrue();

    decoder.resume();

    assertThat(all(channel)).isEqualTo("<GET /next>.<GET /next>.");
    channel.finishAndReleaseAll();
  }

  @Test
  void whilePausedItTakesOnlySoMuch() {
    StrictDecoder decoder = new StrictDecoder();
    EmbeddedChannel channel = new EmbeddedChannel(decoder);
    decoder.pause();
    channel.writeInbound(Unpooled.copiedBuffer(NEXT.repeat(1000), ISO_8859_1));
    assertThat(channel.config().isAutoRead()).isTrue();
    channel.writeInbound(Unpooled.copiedBuffer(NEXT.repeat(2000), ISO_8859_1));
    assertThat(channel.config().isAutoRead()).isFalse();
    channel.finishAndReleaseAll();
  }

  @Test
  void itKnowsWhenItIsWithinAHead() {
    StrictDecoder decoder = new StrictDecoder();
    EmbeddedChannel channel = new EmbeddedChannel(decoder);
    String head = HEAD + "Content-Length: 2\r\n\r\n";
    for (char c : head.toCharArray()) {
      channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {(byte) c}));
    }
    assertThat(decoder.isWithinHead()).isFalse();
    channel.writeInbound(Unpooled.copiedBuffer("{}\r\n", ISO_8859_1));
    assertThat(decoder.isWithinHead()).isFalse();
    for (String part : List.of("\r", "\nG", "ET / HTTP/1.1\r\n", "Host: a\r\n")) {
      channel.writeInbound(Unpooled.copiedBuffer(part, ISO_8859_1));
      assertThat(decoder.isWithinHead()).as(part).isTrue();
    }
    channel.finishAndReleaseAll();
  }

  /// In two parts, the first as long as `at`.
  private static String read(String said, int at) {
    EmbeddedChannel channel = new EmbeddedChannel(new StrictDecoder());
    channel.writeInbound(Unpooled.copiedBuffer(said.substring(0, at), ISO_8859_1));
    channel.writeInbound(Unpooled.copiedBuffer(said.substring(at), ISO_8859_1));
    String read = all(channel);
    channel.finishAndReleaseAll();
    return read;
  }

  private static String read(String said, int size, boolean inMany) {
    EmbeddedChannel channel = new EmbeddedChannel(new StrictDecoder());
    for (int at = 0; inMany && at < said.length(); at += size) {
      String part = said.substring(at, Math.min(said.length(), at + size));
      channel.writeInbound(Unpooled.copiedBuffer(part, ISO_8859_1));
    }
    String read = all(channel);
    channel.finishAndReleaseAll();
    return read;
  }

  /// `<POST /said>hello.` for a request with its body, `!` and a status for what was refused.
  private static String all(EmbeddedChannel channel) {
    StringBuilder read = new StringBuilder();
    for (Object each = channel.readInbound(); each != null; each = channel.readInbound()) {
      HttpObject object = (HttpObject) each;
      if (object.decoderResult().isFailure()) {
        Throwable why = object.decoderResult().cause();
        read.append('!')
            .append(why instanceof StrictDecoder.Refused it ? it.fault().status() : 400);
      } else {
        if (object instanceof HttpRequest request) {
          read.append('<').append(request.method()).append(' ').append(request.uri()).append('>');
        }
        if (object instanceof HttpContent content) {
          read.append(content.content().toString(ISO_8859_1));
        }
        if (object instanceof LastHttpContent) {
          read.append('.');
        }
      }
      ReferenceCountUtil.release(each);
    }
    return read.toString();
  }
}
