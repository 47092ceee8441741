package dev.agentrooms.app;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.LoggerFactory;

/// Captures the log while it is open.
final class CapturedLogs extends AppenderBase<ILoggingEvent> implements AutoCloseable {

  private final Queue<ILoggingEvent> events = new ConcurrentLinkedQueue<>();
  private final Logger logger;

  CapturedLogs() {
    this(Logger.ROOT_LOGGER_NAME);
  }

  /// Of one logger, which may keep its lines from the others.
  CapturedLogs(String name) {
    logger = (Logger) LoggerFactory.getLogger(name);
    setContext(logger.getLoggerContext());
    start();
    logger.addAppender(this);
  }

  @Override
  protected void append(ILoggingEvent event) {
    event.prepareForDeferredProcessing();
    events.add(event);
  }

  /// As a reader of the log would see them.
  List<String> lines() {
    return events.stream()
        .map(
            event ->
                event.getLevel()
                    + " "
                    + event.getLoggerName()
                    + " "
                    + event.getMDCPropertyMap()
                    + " "
                    + event.getFormattedMessage()
                    + (event.getThrowableProxy() == null
                        ? ""
                        : "\n" + ThrowableProxyUtil.asString(event.getThrowableProxy())))
        .toList();
  }

  /// Those that are worse than INFO, save for what a busy machine makes the cluster warn of.
  List<String> warnings() {
    return lines().stream()
        .filter(line -> !line.startsWith("INFO"))
        .filter(line -> !line.startsWith("WARN org.apache.pekko.cluster."))
        .toList();
  }

  @Override
  public void close() {
    logger.detachAppender(this);
  }
}
