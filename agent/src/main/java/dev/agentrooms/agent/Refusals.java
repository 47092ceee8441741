package dev.agentrooms.agent;

import dev.agentrooms.agent.session.SessionReply;
import dev.agentrooms.store.StoreFailure;

/// What the store refuses, as an answer.
final class Refusals {

  private Refusals() {}

  /// What a client is answered whose request could not be recorded, or read.
  static SessionReply of(StoreFailure why) {
    return switch (why) {
      case StoreFailure.Full _ -> new SessionReply.NotStored(true);
      case StoreFailure.Unstorable _ -> new SessionReply.Broken();
      case StoreFailure.Unavailable _,
          StoreFailure.OutcomeUnknown _,
          StoreFailure.Fenced _,
          StoreFailure.NameTaken _ ->
          new SessionReply.NotStored(false);
    };
  }
}
