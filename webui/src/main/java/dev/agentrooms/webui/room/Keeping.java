package dev.agentrooms.webui.room;

import java.time.Duration;

/// Makes the record of a room that has no event yet, and removes that of one that nobody wants any
/// more.
final class Keeping {

  private static final Duration BEFORE_FORGETTING = Duration.ofMillis(10);

  private final Surroundings around;
  private final History history;
  private final Recorder recorder;
  // Also without an event, when it was made so.
  private boolean isRecorded;
  private int making;
  private boolean isForgetting;

  /// @param isRecorded whether the log has the room
  Keeping(Surroundings around, History history, Recorder recorder, boolean isRecorded) {
    this.around = around;
    this.history = history;
    this.recorder = recorder;
    this.isRecorded = isRecorded;
  }

  private boolean isThere() {
    return isRecorded || !history.isEmpty();
  }

  void make(RoomCommand.Make make) {
    if (isThere()) {
      make.replyTo().tell(new RoomCommand.Changed(new Change.Done(true)));
    } else if (recorder.make(make.replyTo())) {
      making++;
    }
  }

  void made(RoomCommand.Made made) {
    making--;
    isRecorded |= made.change() instanceof Change.Done;
    made.replyTo().tell(new RoomCommand.Changed(made.change()));
  }

  /// Whether the log is being asked: who asked for it is still to be answered.
  boolean isBusy() {
    return making > 0 || isForgetting;
  }

  void forget(RoomCommand.Forget forget) {
    if (!recorder.isSettled() || isBusy()) {
      // Those who published before have their answers first.
      around.timers().startSingleTimer(forget, forget, BEFORE_FORGETTING);
    } else if (isThere()) {
      isForgetting = true;
      recorder.forget(forget.replyTo());
    } else {
      forget.replyTo().tell(new RoomCommand.Changed(new Change.Done(false)));
    }
  }
}
