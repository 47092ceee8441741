package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import dev.agentrooms.http.BadSetting;
import dev.agentrooms.http.Settings;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Every setting with every kind of invalid value: the start fails with one line that names it.
@Tag("process")
class WrongSettingsTest {

  private static final Config RIGHT = Settings.load();

  /// What kind of value a setting has, with values that are none.
  private enum Kind {
    DURATION("", "x", "1x", "0s", "-1s", "400d", "5 parsecs", "999999999999999999999d", "true"),
    WHOLE_NUMBER("", "x", "-1", "1.5", "1e99", "99999999999", "true", "0x10"),
    PORT("", "x", "-1", "1.5", "65536", "70000", "99999999999", "true", "80 " + "81"),
    SIZE("", "x", "0", "-1MiB", "2GiB", "1XiB", "99999999999999999999"),
    URL("", "x", "//h", "ftp://h", "http://", "http://h:99999", "http://h?q", "http://a b"),
    OPTIONAL_URL("x", "//h", "ftp://h", "http://", "http://h:99999", "http://h?q", "http://a b"),
    HOST("", " ", "no such host", "127.0.0.1:80", "http://127.0.0.1", "1.2.3.4.5"),
    FLAG("", "x", "1", "maybe"),
    // One of two that need each other.
    FILE("x", "/no/such/file"),
    WORD("", "x", "ROOM"),
    // One with a default that others decide.
    OPTIONAL_NUMBER("x", "-1", "1.5", "1e99", "99999999999", "true", "0x10"),
    OPTIONAL_WORD("x", "FILE", "postgresql"),
    // Any is right, of those that can be said at all.
    TEXT(),
    FOLDER("", "a\0b"),
    // A folder that is there already.
    NOTES("no-such-folder", "pom.xml", "a\0b"),
    DATABASE("x", "http://h/d", "jdbc:mysql://h/d", "postgresql://u:secret@h/d"),
    TOKEN("a b", "a\nb", "тайна"),
    SECRET("short", "x"),
    NAME("", " ", "a\nb", "a name that is much too long for the header of any page at all!"),
    PICTURE("x", "no-such-file.svg", "pom.xml", "a\0b.png"),
    COLOUR("x", "red", "#fff", "3f51b5", "#3f51b5;"),
    ORIGINS("x", "http://", "https://a b"),
    HOSTS("a b", "http://x", "a/b"),
    HEADER("a b", "é", "X-User:"),
    ADDRESSES("x", "10.0.0.0/33", "::1/129", "10.0.0.1/", "proxy.example"),
    SEEDS(
        "x",
        "pekko://agent-rooms",
        "pekko://other@127.0.0.1:7350",
        "pekko://agent-rooms@127.0.0.1",
        "pekko://agent-rooms@127.0.0.1:70000",
        "tcp://agent-rooms@127.0.0.1:1,pekko://agent-rooms@127.0.0.1:2",
        "pekko://agent-rooms@127.0.0.1:x");

    private final List<String> wrong;

    Kind(String... wrong) {
      this.wrong = List.of(wrong);
    }
  }

  // Those whose default does not tell.
  private static final Map<String, Kind> KINDS =
      Map.ofEntries(
          Map.entry("agent.tools.rag.url", Kind.OPTIONAL_URL),
          Map.entry("agent.tools.test-generator.url", Kind.OPTIONAL_URL),
          Map.entry("agent.notes.dir", Kind.NOTES),
          Map.entry("agent.workflows.file", Kind.FILE),
          Map.entry("agent.planner", Kind.WORD),
          Map.entry("agent.runs.max-queued-per-user", Kind.OPTIONAL_NUMBER),
          Map.entry("agent.model.url", Kind.OPTIONAL_URL),
          Map.entry("agent.model.name", Kind.TEXT),
          Map.entry("agent.model.api-key", Kind.TOKEN),
          Map.entry("agent.model.structured-output", Kind.WORD),
          Map.entry("agent.progress.sink", Kind.WORD),
          Map.entry("internal-token", Kind.TOKEN),
          Map.entry("webui.room-token-secret", Kind.SECRET),
          Map.entry("access.mode", Kind.OPTIONAL_WORD),
          Map.entry("access.secret", Kind.SECRET),
          Map.entry("access.jwks-url", Kind.OPTIONAL_URL),
          Map.entry("access.issuer", Kind.TEXT),
          Map.entry("access.audience", Kind.TEXT),
          Map.entry("access.user-header", Kind.HEADER),
          Map.entry("access.trusted-proxies", Kind.ADDRESSES),
          Map.entry("access.oidc.issuer", Kind.OPTIONAL_URL),
          Map.entry("access.oidc.client-id", Kind.TEXT),
          Map.entry("access.oidc.client-secret", Kind.TOKEN),
          Map.entry("webui.allowed-origins", Kind.ORIGINS),
          Map.entry("http.allowed-hosts", Kind.HOSTS),
          Map.entry("webui.brand.name", Kind.NAME),
          Map.entry("webui.brand.logo", Kind.PICTURE),
          Map.entry("webui.brand.accent", Kind.COLOUR),
          Map.entry("webui.public-url", Kind.OPTIONAL_URL),
          Map.entry("tracing.endpoint", Kind.OPTIONAL_URL),
          Map.entry("cluster.seed-nodes", Kind.SEEDS),
          Map.entry("store.kind", Kind.OPTIONAL_WORD),
          Map.entry("store.dir", Kind.FOLDER),
          Map.entry("store.url", Kind.DATABASE),
          Map.entry("store.user", Kind.TEXT),
          Map.entry("store.password", Kind.TEXT),
          Map.entry("store.sync", Kind.WORD),
          Map.entry("http.tls.cert", Kind.FILE),
          Map.entry("http.tls.key", Kind.FILE),
          Map.entry("cluster.tls.cert", Kind.FILE),
          Map.entry("cluster.tls.key", Kind.FILE),
          Map.entry("cluster.tls.ca", Kind.FILE),
          Map.entry("webui.streams.on", Kind.FLAG),
          Map.entry("webui.streams.local-webhooks", Kind.FLAG),
          Map.entry("webui.streams.long-poll", Kind.DURATION),
          Map.entry("http.access-log", Kind.FLAG),
          Map.entry("http.server-timing", Kind.FLAG));

  private static Kind kind(ReferenceConf.Setting setting) {
    Kind named = KINDS.get(setting.key());
    String value = setting.value();
    if (named != null) {
      return named;
    } else if (setting.key().endsWith(".port")) {
      return Kind.PORT;
    } else if (setting.key().endsWith(".host")) {
      return Kind.HOST;
    } else if (value.matches("\\d+(ms|s|m|h)")) {
      return Kind.DURATION;
    } else if (value.matches("\\d+[KM]iB")) {
      return Kind.SIZE;
    } else if (value.matches("\\d+")) {
      return Kind.WHOLE_NUMBER;
    } else if (value.startsWith("\"http://")) {
      return Kind.URL;
    }
    throw new AssertionError(setting.key() + " has no kind here");
  }

  static Stream<Arguments> everySetting() {
    return ReferenceConf.read().settings().stream()
        // Made of two others, which have their turn.
        .filter(setting -> !setting.key().equals("mocks.url"))
        .map(setting -> Arguments.of(setting.key(), kind(setting)));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("everySetting")
  void whatCannotBeRightIsSaidInOneLineThatNamesIt(String key, Kind kind) {
    List<@Nullable Object> wrong = new ArrayList<>(kind.wrong);
    wrong.add(List.of(1, 2));
    wrong.add(Map.of("a", 1));
    wrong.add(null);
    for (Object value : wrong) {
      Throwable refusal = catchThrowable(() -> start(key, value));
      assertThat(refusal).as("%s = %s", key, value).isInstanceOf(BadSetting.class);
      assertThat(refusal.getMessage())
          .startsWith(key + ": ")
          .hasSizeBetween(key.length() + 5, 200)
          .doesNotContain("\n", "hardcoded", "String:", "has type", "xception", "java.", "com.");
    }
  }

  private static void start(String key, @Nullable Object value) {
    Map<String, Object> free = new HashMap<>(Stack.ports());
    Config config =
        ConfigFactory.parseMap(free)
            .withFallback(RIGHT)
            .withValue(key, ConfigValueFactory.fromAnyRef(value));
    AgentRooms.start(config, EnumSet.allOf(Role.class)).close();
  }

  @ParameterizedTest
  @CsvSource({
    "CLUSTER_PORT, 70000, cluster.port: must be from 0 to 65535",
    "CLUSTER_HOST, no such host, cluster.host: ",
    "AGENT_SESSION_TTL, 1x, 'agent.session.ttl: must be a duration, like'",
    "CLUSTER_STABLE_AFTER, 3s, 'cluster.stable-after: must be at least cluster.acceptable-pause,"
        + " 4000 ms'",
    "CLUSTER_SEED_NODES, pekko://agent-rooms@127.0.0.1:7350, 'cluster.port: must be given with'",
    "AGENT_ROOMS_LOG_FORMAT, yaml, AGENT_ROOMS_LOG_FORMAT: must be one of text",
    "AGENT_ROOMS_LOG_LEVEL, loud, AGENT_ROOMS_LOG_LEVEL: must be one of off",
  })
  void theProcessEndsWithThatLine(String variable, String value, String words) throws Exception {
    try (Spawned process = Spawned.main(Map.of(variable, value), "up")) {
      assertThat(process.exitCode()).isEqualTo(2);
      assertThat(process.err().lines().toList())
          .singleElement()
          .asString()
          .startsWith("agent-rooms: " + words);
    }
  }

  @Test
  void aClusterPortThatIsTakenIsNamed() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThat(refusal("CLUSTER_PORT", "" + taken.getLocalPort()))
          .isEqualTo("cluster.port: port " + taken.getLocalPort() + " of 127.0.0.1 is taken");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"memory", "file"})
  void severalNodesNeedAStoreThatTheyShare(String kind) throws Exception {
    try (Spawned process =
        Spawned.main(
            Map.of(
                "CLUSTER_SEED_NODES", "pekko://agent-rooms@127.0.0.1:7350",
                "CLUSTER_PORT", "7350",
                "STORE_KIND", kind),
            "up")) {
      assertThat(process.exitCode()).isEqualTo(2);
      assertThat(process.err())
          .isEqualTo(
              "agent-rooms: cluster.seed-nodes: needs a store that all nodes share: PostgreSQL,"
                  + " by store.url\n");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "AGENT_HTTP_HOST, agent.http.host",
    "WEBUI_HTTP_HOST, webui.http.host",
    "MOCKS_HTTP_HOST, mocks.http.host",
    "CLUSTER_HOST, cluster.host",
  })
  void aHostThatIsNotThisMachineIsNamed(String variable, String key) throws Exception {
    // Of a network that is for documents only.
    assertThat(refusal(variable, "192.0.2.1"))
        .isEqualTo(key + ": \"192.0.2.1\" is no address of this machine");
  }

  /// The last line of a process that could not start.
  private static String refusal(String variable, String value) throws Exception {
    Map<String, String> environment =
        new HashMap<>(Map.of("INTERNAL_TOKEN", "t", "ACCESS_MODE", "open"));
    Stack.ports()
        .forEach(
            (key, port) ->
                environment.put(key.toUpperCase(Locale.ROOT).replace('.', '_'), "" + port));
    environment.put(variable, value);
    try (Spawned process = Spawned.main(environment, "up")) {
      assertThat(process.exitCode()).isEqualTo(2);
      assertThat(process.err()).doesNotContain("\tat ");
      return process.err().lines().toList().getLast().replaceFirst("^agent-rooms: ", "");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {101, 30_000})
  void aFileThatIsNestedTooDeepIsNamed(int depth, @TempDir Path folder) throws Exception {
    Path file = folder.resolve("deep.conf");
    for (String[] shape : new String[][] {{"[", "]"}, {"{ a = ", "}"}}) {
      Files.writeString(file, "x = " + shape[0].repeat(depth) + "1" + shape[1].repeat(depth));
      try (Spawned process = Spawned.java(DeepSettings.class, file.toString())) {
        assertThat(process.exitCode()).isZero();
        assertThat(process.out().strip()).isEqualTo("configuration: is nested more than 100 deep");
      }
    }
  }

  /// Loads a file of settings, and says why it cannot.
  static final class DeepSettings {

    private DeepSettings() {}

    public static void main(String[] args) {
      System.setProperty("config.file", args[0]);
      try {
        Settings.load();
        System.out.println("loaded " + Arrays.toString(args));
      } catch (BadSetting e) {
        System.out.println(e.getMessage());
      }
    }
  }
}
