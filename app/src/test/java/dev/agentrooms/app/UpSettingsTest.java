package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.typesafe.config.Config;
import dev.agentrooms.agent.AgentSettings;
import dev.agentrooms.http.BadSetting;
import dev.agentrooms.http.Settings;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Where the built-in tools work, and whether the stand-ins start, by the options of `up`.
@Tag("unit")
class UpSettingsTest {

  private static final Path NOTES = Path.of("../examples/notes");
  private static final String RAG = "agent.tools.rag.url";

  private static Config config(
      @Nullable String workflows, @Nullable Path notes, boolean mocks, Set<Role> named) {
    Path file = workflows == null ? null : Path.of(workflows);
    return new UpSettings(file, notes, mocks, named).config();
  }

  private static Set<Role> roles(Config config) {
    return roles(Set.of(), config);
  }

  private static Set<Role> roles(Set<Role> named, Config config) {
    Settings settings = Settings.of(config);
    return UpSettings.roles(named, AgentSettings.from(settings), settings);
  }

  @Test
  void withNotesNoStandInIsNeeded() {
    Config config = config(null, NOTES, false, Set.of());
    assertThat(config.getString(RAG)).isEmpty();
    assertThat(roles(config)).isEqualTo(EnumSet.of(Role.AGENT, Role.WEBUI));
  }

  @Test
  void aToolThatNamesTheStandInsStartsThem() {
    Config config = config("../examples/shop.conf", NOTES, false, Set.of());
    assertThat(roles(config)).contains(Role.MOCKS);
  }

  @Test
  void theBuiltInToolsCallTheStandInsWhenToldSoOrWhenThereAreNoNotes() {
    Config told = config(null, null, true, Set.of());
    assertThat(told.getString(RAG)).isEqualTo("http://127.0.0.1:8350");
    assertThat(roles(told)).contains(Role.MOCKS);
    assertThat(config(null, null, false, EnumSet.of(Role.AGENT, Role.MOCKS)).getString(RAG))
        .isEqualTo("http://127.0.0.1:8350");
    assertThat(roles(config(null, null, false, Set.of()))).contains(Role.MOCKS);
  }

  @Test
  void rolesThatAreNamedAreTaken() {
    Set<Role> named = EnumSet.of(Role.AGENT);
    Config config = config(null, null, true, named);
    assertThat(roles(named, config)).isEqualTo(named);
  }

  @Test
  void notesAndStandInsTogetherAreRefused() {
    assertThatExceptionOfType(BadSetting.class)
        .isThrownBy(() -> config(null, NOTES, true, Set.of()))
        .withMessageStartingWith("--mocks: ");
  }
}
