package dev.agentrooms.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Commands that talk to a server run with few jars, so that they start fast.
@Tag("process")
class ClientClassPathTest {

  private static final Pattern JARS = Pattern.compile("\"\\$lib\"/\\{([a-z,-]+)}-\\*\\.jar");

  @ParameterizedTest
  @ValueSource(strings = {"ask", "watch", "answer", "cancel", "sessions"})
  void aCommandNeedsNoMoreThanTheScriptGivesIt(String command) throws Exception {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classPath(),
                "dev.agentrooms.app.Main",
                command));
    if (!command.equals("sessions")) {
      arguments.add("one");
    }
    arguments.addAll(List.of("--url", "http://127.0.0.1:1"));
    Process process = new ProcessBuilder(arguments).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);

    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(said).contains("cannot be reached").doesNotContain("NoClassDefFoundError", "\tat ");
  }

  /// What `./dev` gives such a command, from wherever the tests have it.
  private static String classPath() throws IOException {
    Matcher jars = JARS.matcher(Files.readString(Path.of("../dev")));
    assertThat(jars.find()).isTrue();
    List<String> names = List.of(jars.group(1).split(","));
    return String.join(
        File.pathSeparator,
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(
                entry -> names.stream().anyMatch(name -> isOf(entry, name)) || isOf(entry, "app"))
            .toList());
  }

  private static boolean isOf(String entry, String name) {
    Path path = Path.of(entry);
    return path.getFileName().toString().startsWith(name + "-")
        || path.endsWith(Path.of(name, "target", "classes"));
  }
}
