package dev.agentrooms.webui.room;

/// Where an event stands in what a producer has to say that numbers its requests: it is the
/// `part`th of the `parts` events of the request `seq` in this producer's `epoch`.
///
/// @param part from 1
/// @param parts up to [#MOST_PARTS]
public record Producer(String id, long epoch, long seq, int part, int parts) {

  /// How many events a request may have.
  public static final int MOST_PARTS = 1000;
}
