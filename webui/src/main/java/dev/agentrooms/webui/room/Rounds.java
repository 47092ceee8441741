package dev.agentrooms.webui.room;

import java.util.ArrayList;
import java.util.List;

/// When an audience wakes its watchers: at once while they are few. Many are woken in rounds, one
/// round at a time, and what is published during a round goes out with the next.
///
/// What an event costs is mostly the system call for each watcher, whether that sends one event or
/// ten. And who publishes faster than the rounds can follow gets the answers later, so that no
/// healthy reader is overrun.
final class Rounds {

  // Fewer are served before the next event is there.
  private static final int LARGE = 16;
  private static final int MOST_AHEAD = 16;
  private static final int ROUNDS_OF_HISTORY = 8;

  private final List<Runnable> answers = new ArrayList<>();
  private final int ahead;
  private boolean isRunning;
  private int missed;

  /// @param ahead how many events are answered during a round, before it has ended
  Rounds(int ahead) {
    this.ahead = ahead;
  }

  /// For a room that retains so many events: a reader may miss some rounds without being overrun.
  static Rounds ofHistory(int size) {
    return new Rounds(Math.clamp(size / ROUNDS_OF_HISTORY, 1, MOST_AHEAD));
  }

  /// An event was added.
  ///
  /// @param answer tells its publisher so, now or when the next round begins
  /// @return whether a round is to begin now
  boolean onEvent(Runnable answer) {
    if (isRunning && ++missed > ahead) {
      answers.add(answer);
    } else {
      answer.run();
    }
    return !isRunning;
  }

  /// A round begins.
  ///
  /// @return whether its end is to be told, when those who were woken have had their turn
  boolean begin(int watchers) {
    isRunning = watchers >= LARGE;
    answerAll();
    return isRunning;
  }

  /// @return whether another round is to begin now
  boolean onEnd() {
    isRunning = false;
    return missed > 0;
  }

  /// Nobody who published is left without an answer.
  void answerAll() {
    missed = 0;
    answers.forEach(Runnable::run);
    answers.clear();
  }
}
