package dev.agentrooms.app;

import dev.agentrooms.store.StoreFailure;
import dev.agentrooms.store.StoreListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Says in the log how the store is doing.
final class StoreLog implements StoreListener {

  private static final Logger LOG = LoggerFactory.getLogger(StoreLog.class);

  @Override
  public void down(StoreFailure why) {
    LOG.error(
        "the store does not answer; requests are refused until it does: {}", why.getMessage());
  }

  @Override
  public void up() {
    LOG.info("the store answers again");
  }

  @Override
  public void warning(String what, Throwable why) {
    LOG.warn("{}", what, why);
  }
}
