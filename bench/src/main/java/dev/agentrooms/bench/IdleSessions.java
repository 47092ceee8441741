package dev.agentrooms.bench;

import java.util.List;

/// Sessions that each have had one small run, and are idle for as long as it takes them to be put
/// away. The rooms are elsewhere.
record IdleSessions(int sessions) implements AgentWork {

  private static final int BEFORE = 500;
  private static final int CONNECTIONS = 64;
  // By default they sleep after 5 s; the timers that they no longer need go within another 5 s.
  private static final long ASLEEP_SECONDS = 12;

  @Override
  public String id() {
    return "G" + sessions;
  }

  @Override
  public String title() {
    return sessions + " sessions of one run each, idle for " + ASLEEP_SECONDS + " s";
  }

  @Override
  public int maxRounds() {
    return sessions > 10_000 ? 1 : 3;
  }

  @Override
  public boolean withRooms() {
    return false;
  }

  @Override
  public Measured run(Running running) {
    List<RunRequest> all =
        RunRequest.toAll(BEFORE + sessions, "?wait=30", "What is photosynthesis?");
    try (Publisher publisher =
        new Publisher(
            AgentWork.agent(running)::dial,
            new SendTimes(),
            Publisher.Lines.of(CONNECTIONS),
            all)) {
      publisher.closedLoopOf(BEFORE);
      Idle.pause(ASLEEP_SECONDS);
      double before = Heap.liveKb(running.pid());
      publisher.closedLoopOf(sessions);
      Idle.pause(ASLEEP_SECONDS);
      double after = Heap.liveKb(running.pid());
      if (publisher.failures() > 0) {
        throw new IllegalStateException(publisher.failures() + " runs were refused");
      }
      return Measured.of(
              new Metric("live heap per session, KB", false), (after - before) / sessions)
          .and(new Metric("live heap in all, MB", false), after / 1024)
          .done();
    }
  }
}
