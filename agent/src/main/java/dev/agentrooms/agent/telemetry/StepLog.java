package dev.agentrooms.agent.telemetry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.protocol.Level;
import dev.agentrooms.protocol.ProgressEvent;
import dev.agentrooms.protocol.StepWords;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/// Each step of a run as one line of the log: what has ended says how long it took, and what has
/// failed, or has to be tried again, is a WARN. A cancelled run is not: somebody wanted that.
public final class StepLog {

  // A session's lines all have one name.
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
