package dev.agentrooms.agent;

import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.Text;
import dev.agentrooms.tools.CallObserver;
import dev.agentrooms.tools.Halves;
import dev.agentrooms.tools.Progress;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What one attempt says while it is under way, on its way to the session, with back-pressure: a
/// tool that says more than can be recorded waits.
final class CallProgress implements CallObserver {

  private static final Logger LOG = LoggerFactory.getLogger(CallProgress.class);

  // How much may be said and not yet recorded.
  private static final int MAX_UNRECORDED = 16;
  // A session keeps all of it for as long as the run can be read.
  private static final int MAX_OF_A_CALL = 1000;

  private final Consumer<Progress> session;
  private final Consumer<String> text;
  // Others cut their texts anywhere, within a pair of surrogates too.
  private final Halves halves = new Halves();
  private final Semaphore unrecorded = new Semaphore(MAX_UNRECORDED);
  private int said;
  private volatile boolean isOver;

  /// Of a tool that writes nothing.
  CallProgress(Consumer<Progress> session) {
    this(session, more -> {});
  }

  /// @param text takes what the tool writes
  CallProgress(Consumer<Progress> session, Consumer<String> text) {
    this.session = session;
    this.text = text;
  }

  @Override
  public void delta(String more) {
    String whole;
    synchronized (halves) {
      whole = halves.add(more);
    }
    if (!isOver && !whole.isEmpty()) {
      text.accept(whole);
    }
  }

  @Override
  public void progress(Progress progress) {
    if (isOver || !isSound(progress)) {
      return;
    }
    try {
      unrecorded.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    if (!isOver && mayBeSaid()) {
      session.accept(progress);
    } else {
      unrecorded.release();
    }
  }

  private synchronized boolean mayBeSaid() {
    if (++said == MAX_OF_A_CALL + 1) {
      LOG.warn("a tool has said more than {} times how far it is; the rest is dropped", said - 1);
    }
    return said <= MAX_OF_A_CALL;
  }

  private static boolean isSound(Progress progress) {
    try {
      return Text.isWellFormed(progress.message())
          && (progress.tool() == null || Text.isWellFormed(progress.tool()))
          && !Json.isDeeper(progress.meta(), Json.MAX_DEPTH)
          && Text.isWellFormed(progress.meta());
    } catch (RuntimeException | StackOverflowError e) {
      LOG.error("what a tool says of its work cannot be judged", e);
      return false;
    }
  }

  /// The oldest of what was said has been recorded.
  void recorded() {
    unrecorded.release();
  }

  /// Nothing more is heard, and nobody waits.
  synchronized void end() {
    if (!isOver) {
      isOver = true;
      unrecorded.release(Integer.MAX_VALUE / 2);
    }
  }
}
