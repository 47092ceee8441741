package dev.agentrooms.app;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.ContextInitializer;
import ch.qos.logback.core.joran.spi.JoranException;
import org.slf4j.LoggerFactory;

/// The configuration of the log. It is apart from the commands, which picocli inspects also where
/// no logging library is on the class path.
final class LoggingContext {

  private LoggingContext() {}

  /// Reads the configuration, with the system properties as they are now.
  static void readAgain() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.reset();
      try {
        new ContextInitializer(context).autoConfig();
      } catch (JoranException e) {
        throw new IllegalStateException("the configuration of the log cannot be read", e);
      }
    }
  }
}
