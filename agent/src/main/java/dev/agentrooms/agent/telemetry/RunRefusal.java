package dev.agentrooms.agent.telemetry;

import dev.agentrooms.agent.session.SessionReply;
import org.jspecify.annotations.Nullable;

/// Why a request for a run got none, as far as the session decides it.
enum RunRefusal {
  BUSY,
  QUEUE_FULL,
  KEY_REUSED,
  RUN_ID_TAKEN,
  TOO_MANY_KEYS;

  /// Null for any other answer.
  static @Nullable RunRefusal of(SessionReply reply) {
    return switch (reply) {
      case SessionReply.Busy _ -> BUSY;
      case SessionReply.QueueFull _ -> QUEUE_FULL;
      case SessionReply.KeyReused _ -> KEY_REUSED;
      case SessionReply.RunIdTaken _ -> RUN_ID_TAKEN;
      case SessionReply.TooManyKeys _ -> TOO_MANY_KEYS;
      case SessionReply.Accepted _,
          SessionReply.Unanswered _,
          SessionReply.Cancelling _,
          SessionReply.Cancelled _,
          SessionReply.NothingToCancel _,
          SessionReply.Answered _,
          SessionReply.AnsweredOtherwise _,
          SessionReply.NotAnswerable _,
          SessionReply.UnknownInput _,
          SessionReply.InvalidAnswer _,
          SessionReply.UnknownSession _,
          SessionReply.UnknownRun _,
          SessionReply.Session _,
          SessionReply.OneRun _,
          SessionReply.Events _,
          SessionReply.Following _,
          SessionReply.Messages _,
          SessionReply.Opened _,
          SessionReply.Named _,
          SessionReply.Deleted _,
          SessionReply.NotStored _,
          SessionReply.Broken _ ->
          null;
    };
  }
}
