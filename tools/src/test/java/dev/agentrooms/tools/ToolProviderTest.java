package dev.agentrooms.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentrooms.api.JavaTool;
import dev.agentrooms.api.ToolProvider;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Jars that bring tools in Java, and those that bring something else. Each mistake names what the
/// operator has to look at.
@Tag("unit")
class ToolProviderTest {

  private static final JavaTool PRICE =
      JavaTool.of("price", "{\"type\":\"object\"}", (arguments, context) -> 1);

  @TempDir private Path jar;

  /// Two tools.
  public static final class Good implements ToolProvider {
    @Override
    public Collection<JavaTool> tools() {
      return List.of(PRICE, PRICE.title("Another"));
    }
  }

  public static final class Refusing implements ToolProvider {
    public Refusing() {
      throw new IllegalStateException("there is no licence");
    }

    @Override
    public Collection<JavaTool> tools() {
      return List.of();
    }
  }

  public static final class Failing implements ToolProvider {
    @Override
    public Collection<JavaTool> tools() {
      throw new IllegalStateException("no\nfile", new IllegalArgumentException("no path"));
    }
  }

  public static final class Unlinked implements ToolProvider {
    @Override
    public Collection<JavaTool> tools() {
      throw new NoClassDefFoundError("com/example/Gone");
    }
  }

  public static final class Nothing implements ToolProvider {
    @Override
    @SuppressWarnings("NullAway") // what code without such checks does
    public Collection<JavaTool> tools() {
      return null;
    }
  }

  public static final class Holes implements ToolProvider {
    @Override
    public Collection<JavaTool> tools() {
      return Arrays.asList(PRICE, null);
    }
  }

  public static final class Nameless implements ToolProvider {
    @Override
    @SuppressWarnings("NullAway")
    public Collection<JavaTool> tools() {
      return List.of(JavaTool.of(null, "{}", (arguments, context) -> 1));
    }
  }

  private List<JavaTool> provided(String... classes) throws Exception {
    Path services = Files.createDirectories(jar.resolve("META-INF/services"));
    Files.write(services.resolve(ToolProvider.class.getName()), List.of(classes));
    URL[] urls = {jar.toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(urls, getClass().getClassLoader())) {
      return JavaTools.provided(ServiceLoader.load(ToolProvider.class, loader));
    }
  }

  private void assertRefused(String named, Class<?> type) {
    assertThatThrownBy(() -> provided(type.getName()))
        .isInstanceOf(BadDefinitions.class)
        .hasMessageContaining(type.getName())
        .hasMessageContaining(named)
        .hasMessageNotContaining("\n");
  }

  @Test
  void toolsAreThoseOfAllJars() throws Exception {
    assertThat(provided(Good.class.getName())).extracting(JavaTool::title).hasSize(2);
    assertThat(provided()).isEmpty();
  }

  @Test
  void aProviderThatFailsIsNamedWithItsReason() {
    assertRefused("there is no licence", Refusing.class);
    assertRefused("no path", Failing.class);
    assertRefused("com/example/Gone", Unlinked.class);
  }

  @Test
  void aProviderThatGivesNoToolsIsNamed() {
    assertRefused("its tools cannot be listed", Nothing.class);
    assertRefused("its tools cannot be listed", Holes.class);
    assertRefused("the tool has no name", Nameless.class);
  }

  @Test
  void aClassThatIsNotThereOrNoProviderIsNamed() {
    assertThatThrownBy(() -> provided("com.example.Gone"))
        .isInstanceOf(BadDefinitions.class)
        .hasMessageContaining("com.example.Gone");
    assertRefused("not a subtype", ToolProviderTest.class);
  }
}
