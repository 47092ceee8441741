package dev.agentrooms.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// I: connections that have asked for something once, and may ask again.
record KeepAlive(int connections, double settleSeconds) implements Work {

  private static final int AT_ONCE = 100;
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(20);
  private static final byte[] GET =
      "GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final Metric HEAP = new Metric("live heap per connection, KB", false);
  private static final Metric MEMORY = new Metric("memory per connection, KB", false);
  private static final Metric OPENED = new Metric("opened and answered, each second", true);

  @Override
  public String id() {
    return "I";
  }

  @Override
  public String title() {
    return connections + " idle keep-alive connections";
  }

  @Override
  public int maxRounds() {
    return 1;
  }

  @Override
  public Measured run(Running running) {
    List<Link> links = new ArrayList<>();
    try {
      ask(running, links, AT_ONCE);
      boolean isJava = running.server().isJava();
      double heap = isJava ? Heap.liveKb(running.pid()) : 0;
      double memory = running.usage().memoryKb();
      long began = System.nanoTime();
      while (links.size() < connections + AT_ONCE) {
        ask(running, links, AT_ONCE);
      }
      double seconds = (System.nanoTime() - began) / 1e9;
      Idle.pause(settleSeconds);
      for (Link link : links) {
        if (link.read(ByteBuffer.allocate(1)) != 0) {
          throw new IllegalStateException("a connection did not stay open");
        }
      }
      Measured.Builder measured = Measured.of(OPENED, connections / seconds);
      measured.and(MEMORY, (running.usage().memoryKb() - memory) / connections);
      if (isJava) {
        measured.and(HEAP, (Heap.liveKb(running.pid()) - heap) / connections);
      }
      return measured.done();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      links.forEach(Link::close);
    }
  }

  private static void ask(Running running, List<Link> links, int count) throws IOException {
    List<Link> some = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Link link = running.dial();
      link.write(ByteBuffer.wrap(GET));
      some.add(link);
    }
    links.addAll(some);
    for (Link link : some) {
      awaitAnswer(link);
    }
  }

  private static void awaitAnswer(Link link) throws IOException {
    ByteBuffer in = ByteBuffer.allocate(4 * 1024);
    long until = System.nanoTime() + PATIENCE;
    while (!isWhole(new String(in.array(), 0, in.position(), StandardCharsets.ISO_8859_1))) {
      if (link.read(in) < 0 || System.nanoTime() > until) {
        throw new IOException("a connection was not answered");
      }
      Thread.onSpinWait();
    }
  }

  private static boolean isWhole(String answer) {
    if (!answer.isEmpty() && !answer.startsWith("HTTP/1.1 200")) {
      throw new IllegalStateException("another answer: " + answer);
    }
    int body = answer.indexOf("\r\n\r\n") + 4;
    return body > 3 && body < answer.length();
  }
}
