package dev.agentrooms.webui.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.protocol.Delivery;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What is asked of a room, and what it answers, could go to another node.
@Tag("unit")
class RoomMessagesTest {

  private static final Set<Class<?>> PLAIN =
      Set.of(
          String.class,
          long.class,
          Long.class,
          boolean.class,
          byte[].class,
          Delivery.class,
          ActorRef.class);

  @Test
  void noMessageHasAnythingThatCannotTravel() {
    List<String> stuck = new ArrayList<>();
    for (Class<?> message :
        List.of(
            RoomCommand.Request.class, RoomCommand.Answer.class, RoomCommand.FollowReply.class)) {
      look(message, message.getSimpleName(), stuck);
    }

    assertThat(stuck).isEmpty();
  }

  private static void look(Class<?> type, String path, List<String> stuck) {
    if (PLAIN.contains(type) || type.isEnum()) {
      return;
    }
    if (type.isSealed()) {
      for (Class<?> each : type.getPermittedSubclasses()) {
        look(each, path + "." + each.getSimpleName(), stuck);
      }
    } else if (type.isRecord()) {
      for (RecordComponent part : type.getRecordComponents()) {
        look(part.getType(), path + "." + part.getName(), stuck);
      }
    } else {
      stuck.add(path + ": " + type.getName());
    }
  }
}
