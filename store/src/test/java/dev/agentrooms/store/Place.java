package dev.agentrooms.store;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// Where a contract is tested: a database that can be opened again, at a time that the test sets.
abstract class Place {

  private final List<Store> open = new ArrayList<>();
  volatile Instant now = Instant.parse("2026-11-27T10:00:00Z");

  abstract StoreSettings settings();

  /// Whether what was written is there when it is opened again.
  boolean lasts() {
    return true;
  }

  InstantSource clock() {
    return () -> now;
  }

  Store open() {
    return open(StoreListener.NONE);
  }

  Store open(StoreListener listener) {
    Store store = Stores.open(settings(), clock(), listener);
    open.add(store);
    return store;
  }

  void pass(Duration time) {
    now = now.plus(time);
  }

  void closeStores() {
    open.forEach(Store::close);
  }

  /// And what they were in.
  void close() {
    closeStores();
  }
}
