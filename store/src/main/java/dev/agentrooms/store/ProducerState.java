package dev.agentrooms.store;

/// What a stream remembers of an idempotent producer.
///
/// @param epoch -1 when the producer is not known
/// @param seq the highest that was taken
record ProducerState(long epoch, long seq) {

  static final ProducerState UNKNOWN = new ProducerState(-1, -1);

  enum Verdict {
    NEXT,
    DUPLICATE,
    STALE,
    NOT_AT_ZERO,
    GAP
  }

  /// What the request of this number is.
  Verdict judge(long itsEpoch, long itsSeq) {
    if (itsEpoch < epoch) {
      return Verdict.STALE;
    }
    if (itsEpoch > epoch) {
      if (itsSeq == 0) {
        return Verdict.NEXT;
      }
      return this.equals(UNKNOWN) ? Verdict.GAP : Verdict.NOT_AT_ZERO;
    }
    if (itsSeq <= seq) {
      return Verdict.DUPLICATE;
    }
    return itsSeq == seq + 1 ? Verdict.NEXT : Verdict.GAP;
  }
}
