package dev.agentrooms.webui.room;

import dev.agentrooms.protocol.Delivery;
import dev.agentrooms.protocol.ProgressEvent;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;
import org.jspecify.annotations.Nullable;

/// The events that are on their way to a room: straight to one that is here, through sharding
/// otherwise, and in the order in which they came.
final class Publications {

  private final RoomWiring wiring;
  private final Function<String, EntityRef<RoomCommand>> room;
  // How many events of a room are on their way through sharding.
  private final Map<String, Integer> onTheWay = new ConcurrentHashMap<>();

  /// @param room the room of a session, through sharding
  Publications(RoomWiring wiring, Function<String, EntityRef<RoomCommand>> room) {
    this.wiring = wiring;
    this.room = room;
  }

  /// @param answer called once, at once or later, on any thread
  void publish(
      ProgressEvent event,
      @Nullable Delivery delivery,
      @Nullable Producer by,
      Consumer<Published> answer) {
    Refused trouble = wiring.log().trouble();
    if (trouble != null) {
      answer.accept(trouble);
      return;
    }
    Publication publication = new Publication(event, delivery, by, answer);
    LocalRoom room = here(event.sessionId());
    if (room == null || !room.tell(publication.publish)) {
      publication.goTheLongWay();
    }
  }

  /// The room, when it may be told directly: it is here, and overtakes nothing that is still on the
  /// way through sharding.
  @Nullable LocalRoom here(String sessionId) {
    return onTheWay.containsKey(sessionId) ? null : wiring.here().get(sessionId);
  }

  /// An event on its way, and who waits for the answer.
  private final class Publication implements Answers.Publisher {

    private final RoomCommand.Publish publish;
    private final Consumer<Published> answer;
    private final long begun = System.nanoTime();
    private volatile boolean isOnTheLongWay;

    Publication(
        ProgressEvent event,
        @Nullable Delivery delivery,
        @Nullable Producer by,
        Consumer<Published> answer) {
      this.answer = answer;
      this.publish =
          new RoomCommand.Publish(
              EncodedEvent.of(event),
              delivery,
              by,
              wiring.answers().expect(this),
              wiring.answers().ref());
    }

    void goTheLongWay() {
      isOnTheLongWay = true;
      onTheWay.merge(publish.event().sessionId(), 1, Integer::sum);
      send();
    }

    private void send() {
      room.apply(publish.event().sessionId()).tell(publish);
    }

    @Override
    public void publishAgain() {
      wiring.metrics().publishedAgain();
      send();
    }

    @Override
    public void answered(Published what) {
      if (isOnTheLongWay) {
        onTheWay.computeIfPresent(publish.event().sessionId(), (id, n) -> n == 1 ? null : n - 1);
      }
      wiring.metrics().published(what, System.nanoTime() - begun);
      answer.accept(what);
    }
  }
}
