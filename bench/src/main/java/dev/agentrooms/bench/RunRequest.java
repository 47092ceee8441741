package dev.agentrooms.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;

/// Asks the agent for a run, in one session of many.
record RunRequest(byte[] rendered) implements Request {

  /// One for each of so many sessions.
  ///
  /// @param query such as `?wait=30`
  static List<RunRequest> toAll(int sessions, String query, String question) {
    return IntStream.range(0, sessions)
        .mapToObj(
            i -> {
              String body =
                  "{\"session_id\":\"" + Request.room(i) + "\",\"question\":\"" + question + "\"}";
              return new RunRequest(
                  Request.post("/api/agent/run" + query, body).getBytes(US_ASCII));
            })
        .toList();
  }

  @Override
  public void render(int number, ByteBuffer out) {
    out.put(rendered);
  }
}
