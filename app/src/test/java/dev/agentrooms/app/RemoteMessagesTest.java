package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.typesafe.config.ConfigFactory;
import dev.agentrooms.http.Settings;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.Remote;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.Serializers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever one node tells another arrives as it was sent: every kind of message, with everything
/// that may stand in it.
@Tag("wire")
final class RemoteMessagesTest {

  private static final ActorSystem<Void> SYSTEM =
      ActorSystem.create(
          Behaviors.empty(),
          "remote-messages",
          ConfigFactory.parseString("cluster { host = 127.0.0.1, port = 0 }")
              .withFallback(Settings.load(Map.of())));
  private static final ActorRef<Object> SOMEBODY =
      SYSTEM.systemActorOf(Behaviors.ignore(), "somebody", Props.empty());
  private static final Serialization SERIALIZATION =
      SerializationExtension.get(Adapter.toClassic(SYSTEM));

  @AfterAll
  static void stop() {
    SYSTEM.terminate();
  }

  static Stream<Class<?>> kinds() {
    return new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.agentrooms")
            .stream()
            .filter(type -> type.isAssignableTo(Remote.class) && !type.isInterface())
            .map(JavaClass::reflect);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void aMessageArrivesAsItWasSent(Class<?> kind) throws Exception {
    List<@Nullable Object> all = samples(kind);
    assertThat(all).isNotEmpty();
    for (Object sent : all) {
      byte[] bytes = SERIALIZATION.serialize(sent).get();
      var serializer = SERIALIZATION.findSerializerFor(sent);
      Object arrived =
          SERIALIZATION
              .deserialize(
                  bytes, serializer.identifier(), Serializers.manifestFor(serializer, sent))
              .get();

      assertThat(serializer.getClass().getSimpleName()).isEqualTo("JacksonCborSerializer");
      assertThat(arrived).hasSameClassAs(sent).usingRecursiveComparison().isEqualTo(sent);
      assertThat(text(arrived)).isEqualTo(text(sent));
    }
  }

  private static String text(Object message) {
    return message.toString().replaceAll("\\[B@[0-9a-f]+", "bytes");
  }

  /// One for each case of each of its parts, and one in which all is null that may be.
  private static List<@Nullable Object> samples(Class<?> type) throws Exception {
    if (type.isEnum()) {
      return Arrays.asList(type.getEnumConstants());
    }
    if (type.isSealed()) {
      List<@Nullable Object> cases = new ArrayList<>();
      for (Class<?> each : type.getPermittedSubclasses()) {
        cases.addAll(samples(each));
      }
      return cases;
    }
    assertThat(type.isRecord()).as("%s is a record", type).isTrue();
    RecordComponent[] parts = type.getRecordComponents();
    List<List<@Nullable Object>> choices = new ArrayList<>();
    for (RecordComponent part : parts) {
      choices.add(values(part.getGenericType()));
    }
    int most = choices.stream().mapToInt(List::size).max().orElse(1);
    List<@Nullable Object> samples = new ArrayList<>();
    for (int i = 0; i < most; i++) {
      int n = i;
      samples.add(make(type, choices.stream().map(each -> each.get(n % each.size())).toArray()));
    }
    @Nullable Object[] bare = choices.stream().map(List::getFirst).toArray();
    for (int i = 0; i < bare.length; i++) {
      if (isNullable(parts[i].getAnnotatedType())) {
        bare[i] = null;
      }
    }
    samples.add(make(type, bare));
    return samples;
  }

  private static boolean isNullable(AnnotatedElement type) {
    return type.isAnnotationPresent(Nullable.class);
  }

  private static Object make(Class<?> type, @Nullable Object[] parts) throws Exception {
    Constructor<?> canonical =
        type.getDeclaredConstructor(
            Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new));
    canonical.setAccessible(true);
    return canonical.newInstance(parts);
  }

  private static List<@Nullable Object> values(Type type) throws Exception {
    if (type instanceof ParameterizedType of) {
      if (of.getRawType() == ActorRef.class) {
        return List.of(SOMEBODY);
      }
      List<@Nullable Object> elements = values(of.getActualTypeArguments()[0]);
      if (of.getRawType() == List.class) {
        return List.of(elements, List.of());
      }
      if (of.getRawType() == Set.class) {
        return List.of(Set.copyOf(elements));
      }
      if (of.getRawType() == Map.class) {
        return List.of(Map.of("key", values(of.getActualTypeArguments()[1]).getFirst()));
      }
      throw new AssertionError("nothing is known of " + type);
    }
    return type instanceof Class<?> known ? values(known) : List.of();
  }

  private static List<@Nullable Object> values(Class<?> type) throws Exception {
    if (type == String.class) {
      return List.of("a \"text\" – é 😀\u0000", "");
    }
    if (type == int.class || type == Integer.class) {
      return List.of(7, Integer.MAX_VALUE);
    }
    if (type == long.class || type == Long.class) {
      return List.of(7L, Long.MAX_VALUE);
    }
    if (type == boolean.class || type == Boolean.class) {
      return List.of(true, false);
    }
    if (type == byte[].class) {
      return List.of("{\"a\":\"é\"}".getBytes(StandardCharsets.UTF_8));
    }
    if (type == Instant.class) {
      return List.of(Instant.parse("2026-11-27T14:00:00.001Z"));
    }
    if (type == Duration.class) {
      return List.of(Duration.ofMillis(1234));
    }
    if (JsonNode.class.isAssignableFrom(type)) {
      return List.of(
          Json.parse(
              "{\"a\":[1.50,1e400,-7,null,\"x\",[]],\"b\":{\"c\":true}}"
                  .getBytes(StandardCharsets.UTF_8)));
    }
    if (type == ActorRef.class) {
      return List.of(SOMEBODY);
    }
    return samples(type);
  }
}
