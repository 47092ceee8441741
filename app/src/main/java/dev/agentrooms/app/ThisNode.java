package dev.agentrooms.app;

import dev.agentrooms.app.cluster.Node;
import dev.agentrooms.http.NodeStatus;
import dev.agentrooms.store.Store;
import dev.agentrooms.store.StoreFailure;
import io.micrometer.core.instrument.MeterRegistry;

/// The status of this process: a member of its cluster, with a store.
record ThisNode(Node node, Store store, StoreReport report) implements NodeStatus {

  @Override
  public Readiness readiness() {
    if (!node.isUp()) {
      return Readiness.NOT_UP;
    }
    return store
        .trouble()
        .map(why -> why instanceof StoreFailure.Full ? Readiness.STORE_FULL : Readiness.STORE_AWAY)
        .orElse(Readiness.READY);
  }

  @Override
  public int members() {
    return node.members();
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    report.bindTo(registry, store);
    node.bindTo(registry);
  }
}
