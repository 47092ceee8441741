package dev.agentrooms.webui.room;

import dev.agentrooms.protocol.ProgressAck;
import dev.agentrooms.webui.room.RoomCommand.Publish;
import org.jspecify.annotations.Nullable;

/// Tells what is new of what is published from what came before, and sends it on its way.
final class Intake {

  private final Surroundings around;
  private final History history;
  private final Ledger ledger;
  private final Recorder recorder;

  Intake(Surroundings around, History history, Ledger ledger, Recorder recorder) {
    this.around = around;
    this.history = history;
    this.ledger = ledger;
    this.recorder = recorder;
  }

  /// @return the event when it is new and recorded already
  @Nullable Pending publish(Publish publish) {
    Producer by = publish.producer();
    Published.OutOfTurn outOfTurn = by == null ? null : ledger.outOfTurn(by);
    if (by != null && outOfTurn != null) {
      refuse(publish, by, outOfTurn);
      return null;
    }
    long known = ledger.seqOf(publish);
    if (known != 0) {
      if (by == null) {
        around.answer(publish, taken(known == Ledger.FORGOTTEN ? null : known, true));
      } else {
        recorder.produced(publish, by, known);
      }
      return null;
    }
    Pending same = ledger.underWay(publish);
    if (same != null) {
      same.add(publish);
      return null;
    }
    return recorder.append(publish);
  }

  private void refuse(Publish publish, Producer by, Published.OutOfTurn why) {
    Pending latest = ledger.underWay(by);
    if (latest != null && why instanceof Published.Repeated) {
      // It may be what is still on its way.
      latest.add(publish);
    } else {
      around.answer(publish, why);
    }
  }

  void produced(RoomCommand.Produced produced) {
    Publish publish = produced.publish();
    Producer by = publish.producer();
    if (by != null && produced.isRecorded()) {
      ledger.produced(Producers.with(by));
    }
    around.answer(
        publish, produced.isRecorded() ? taken(produced.seq(), true) : Refused.STORE_UNAVAILABLE);
  }

  /// @param seq null when where it is is no longer known
  Published taken(@Nullable Long seq, boolean isDuplicate) {
    return new Published.Taken(
        new ProgressAck(around.sessionId(), seq, history.epoch(), isDuplicate));
  }
}
