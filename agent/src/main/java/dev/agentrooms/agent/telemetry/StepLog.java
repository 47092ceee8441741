package dev.agentrooms.agent.telemetry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.protocol.Level;
import dev.agentrooms.protocol.ProgressEvent;
import dev.agentrooms.protocol.StepWords;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/// Logs each step of a run in one line, with its duration at the end. Failures and retries are
/// WARN; a cancelled run is not, because that was requested.
public final class StepLog {

  // All lines about a session have the same logger name.
  private static final Logger LOG = LoggerFactory.getLogger("dev.agentrooms.agent.AgentSession");

  private StepLog() {}

  public static void write(ProgressEvent event) {
    LoggingEventBuilder line = isFailure(event) ? LOG.atWarn() : LOG.atInfo();
    JsonNode duration = event.meta() == null ? null : event.meta().get("duration_ms");
    if (duration == null) {
      line.log("{} {}", event.step(), event.message());
    } else {
      line.addKeyValue("duration_ms", duration.asLong())
          .log("{} {} ({} ms)", event.step(), event.message(), duration.asLong());
    }
  }

  private static boolean isFailure(ProgressEvent event) {
    return event.level() != Level.INFO && !event.step().equals(StepWords.CANCELLED);
  }
}
