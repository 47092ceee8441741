package dev.agentrooms.agent;

import dev.agentrooms.agent.SessionProtocol.Await;
import dev.agentrooms.agent.SessionProtocol.Follow;
import dev.agentrooms.agent.SessionProtocol.Query;
import dev.agentrooms.agent.SessionProtocol.Reading;
import dev.agentrooms.agent.session.Agent;
import dev.agentrooms.agent.session.SessionMemory;
import dev.agentrooms.agent.session.SessionViews;

/// Answers a session's readers, from what is recorded.
record SessionReads(String sessionId, SessionMemory memory, Agent agent, RunListeners listeners) {

  void answer(Reading reading) {
    switch (reading) {
      case Query(var query, var replyTo) ->
          replyTo.tell(SessionViews.answer(sessionId, memory, agent, query));
      case Await await -> listeners.await(await, SessionViews.run(memory.state(), await.runId()));
      case Follow follow ->
          listeners.follow(
              follow,
              SessionViews.run(memory.state(), follow.runId()),
              () -> memory.events().of(follow.runId(), follow.after()));
    }
  }
}
