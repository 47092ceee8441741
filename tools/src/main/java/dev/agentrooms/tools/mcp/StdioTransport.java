package dev.agentrooms.tools.mcp;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.MalformedJson;
import dev.agentrooms.tools.ToolDefaults;
import dev.agentrooms.tools.ToolResult.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A process of ours, which reads a message a line from its standard input, and writes one a line
/// to its standard output.
///
/// Its pipes have threads of their own, so that a process that neither reads nor writes holds up
/// nobody. Of what it writes to its standard error the last few KiB are kept, and logged when it
/// ends.
final class StdioTransport implements McpTransport {

  private static final Logger LOG = LoggerFactory.getLogger(StdioTransport.class);
  private static final int MAX_WAITING = 1000;
  private static final long STOP_SECONDS = 2;
  private static final long GRACE_SECONDS = 1;
  private static final int NAMED_NONSENSE = 5;
  // The environment may have secrets that are none of this process's business.
  private static final List<String> INHERITED =
      List.of("HOME", "LANG", "LC_ALL", "LOGNAME", "PATH", "SHELL", "TERM", "TMPDIR", "USER");

  private record Line(byte[] bytes, CompletableFuture<Void> over) implements Sent {

    // What is queued goes out; nothing is held for it.
    @Override
    public void abort() {
      over.complete(null);
    }
  }

  private final McpServer server;
  private final Process process;
  private final int maxLine;
  private final Listener listener;
  private final BlockingQueue<Line> outgoing = new LinkedBlockingQueue<>(MAX_WAITING);
  private final LastWords errors = new LastWords();
  // Completes when its standard output has ended.
  private final CompletableFuture<Void> silent = new CompletableFuture<>();
  private int nonsense;

  private StdioTransport(McpServer server, Process process, int maxLine, Listener listener) {
    this.server = server;
    this.process = process;
    this.maxLine = maxLine;
    this.listener = listener;
  }

  /// @param maxLine the longest message, in bytes
  /// @throws McpFailure when it cannot be started
  static StdioTransport start(McpServer server, int maxLine, Listener listener) {
    ProcessBuilder builder = new ProcessBuilder(server.command());
    Map<String, String> environment = builder.environment();
    environment.keySet().retainAll(INHERITED);
    environment.putAll(server.env());
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new McpFailure(
          Reason.CONNECTION_REFUSED, "The MCP server's process cannot be started.");
    }
    StdioTransport transport = new StdioTransport(server, process, maxLine, listener);
    transport.thread("out", transport::read);
    transport.thread("err", transport::drain);
    transport.thread("in", transport::write);
    // What it wrote before it ended is heard first; a child of its own may hold the pipe open.
    process
        .onExit()
        .thenCombine(
            transport.silent.copy().completeOnTimeout(null, GRACE_SECONDS, TimeUnit.SECONDS),
            (ended, _) -> ended)
        .thenAccept(transport::exited);
    return transport;
  }

  // Not virtual: reading from a pipe would hold a carrier.
  private void thread(String pipe, Runnable work) {
    Thread.ofPlatform().daemon().name("mcp-" + server.name() + "-" + pipe).start(work);
  }

  @Override
  public Sent send(ObjectNode message, Map<String, String> headers) {
    byte[] json = Json.encode(message);
    byte[] bytes = new byte[json.length + 1];
    System.arraycopy(json, 0, bytes, 0, json.length);
    bytes[json.length] = '\n';
    Line line = new Line(bytes, new CompletableFuture<>());
    if (!process.isAlive() || !outgoing.offer(line)) {
      line.over().completeExceptionally(McpFailure.lost());
    }
    return line;
  }

  private void write() {
    try (OutputStream in = process.getOutputStream()) {
      while (process.isAlive()) {
        Line line = outgoing.poll(1, TimeUnit.SECONDS);
        if (line != null) {
          in.write(line.bytes());
          in.flush();
          line.over().complete(null);
        }
      }
    } catch (IOException e) {
      LOG.debug("the MCP server {} reads no more", server.name(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    outgoing.forEach(line -> line.over().completeExceptionally(McpFailure.lost()));
  }

  private void read() {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    byte[] buffer = new byte[16 * 1024];
    try (InputStream out = process.getInputStream()) {
      for (int n = out.read(buffer); n >= 0; n = out.read(buffer)) {
        for (int i = 0; i < n; i++) {
          if (buffer[i] == '\n') {
            message(line.toByteArray());
            line.reset();
          } else if (line.size() >= maxLine) {
            LOG.warn(
                "the MCP server {} wrote a line of more than {} bytes", server.name(), maxLine);
            process.destroyForcibly();
            return;
          } else {
            line.write(buffer[i]);
          }
        }
      }
    } catch (IOException e) {
      LOG.debug("the MCP server {} writes no more", server.name(), e);
    } finally {
      silent.complete(null);
      endIfItLivesOn();
    }
  }

  // One that says nothing any more is of no use.
  private void endIfItLivesOn() {
    try {
      if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
        close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void message(byte[] line) {
    if (line.length == 0 || (line.length == 1 && line[0] == '\r')) {
      return;
    }
    try {
      listener.message(Json.parse(line, ToolDefaults.MAX_TOKENS));
    } catch (MalformedJson e) {
      if (++nonsense <= NAMED_NONSENSE) {
        LOG.warn(
            "the MCP server {} wrote a line that is no message: {}", server.name(), e.detail());
      }
      UnreadableAnswer.id(line)
          .ifPresent(id -> listener.unreadable(id, McpFailure.invalid(e.detail())));
    } catch (RuntimeException | StackOverflowError bug) {
      LOG.error("a message of the MCP server {} cannot be judged", server.name(), bug);
    }
  }

  private void drain() {
    byte[] buffer = new byte[4 * 1024];
    try (InputStream err = process.getErrorStream()) {
      for (int n = err.read(buffer); n >= 0; n = err.read(buffer)) {
        errors.add(buffer, n);
      }
    } catch (IOException e) {
      LOG.debug("the MCP server {} complains no more", server.name(), e);
    }
  }

  private void exited(Process ended) {
    String said = errors.text();
    if (!said.isEmpty() && ended.exitValue() != 0) {
      LOG.warn("the last words of the MCP server {}: {}", server.name(), said);
    }
    listener.closed(
        new McpFailure(
            Reason.CONNECTION_LOST,
            "The MCP server's process ended with the code " + ended.exitValue() + "."));
  }

  @Override
  public void begin(String protocolVersion) {
    // The version is a matter of headers.
  }

  /// Asks it and the processes that it has started to end, and ends them where they do not.
  @Override
  public CompletableFuture<Void> close() {
    List<ProcessHandle> all = new ArrayList<>(List.of(process.toHandle()));
    process.descendants().forEach(all::add);
    all.forEach(ProcessHandle::destroy);
    return CompletableFuture.allOf(
            all.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new))
        .completeOnTimeout(null, STOP_SECONDS, TimeUnit.SECONDS)
        .thenRun(() -> all.forEach(ProcessHandle::destroyForcibly));
  }
}
