package dev.agentrooms.http;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import dev.agentrooms.protocol.Json;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Reads and validates settings at the start; an invalid one is refused by its key.
public final class Settings {

  private static final String WHOLE_NUMBER = "a whole number";

  private final Config config;

  private Settings(Config config) {
    this.config = config;
  }

  /// The whole configuration. Precedence: system properties, `application.conf`, the set-up of the
  /// libraries, `reference.conf`.
  ///
  /// @throws BadSetting when a file or a substitution cannot be read
  public static Config load() {
    ConfigFactory.invalidateCaches();
    return load(Map.of());
  }

  /// The same with overrides of highest precedence, which substitutions see as well.
  ///
  /// @throws BadSetting when a file or a substitution cannot be read
  public static Config load(Map<String, ?> above) {
    try {
      Config config =
          ConfigFactory.parseMap(above)
              .withFallback(ConfigFactory.defaultOverrides())
              .withFallback(ConfigFactory.defaultApplication())
              .withFallback(ConfigFactory.parseResourcesAnySyntax("agent-rooms-pekko"))
              .withFallback(ConfigFactory.defaultReferenceUnresolved())
              .resolve();
      if (isDeeper(config.root(), Json.MAX_DEPTH)) {
        throw tooDeep();
      }
      return config;
    } catch (ConfigException e) {
      throw new BadSetting("configuration", String.valueOf(e.getMessage()));
    } catch (StackOverflowError e) {
      // Parser and resolver of the library recurse without a bound.
      throw tooDeep();
    }
  }

  private static BadSetting tooDeep() {
    return new BadSetting("configuration", "is nested more than " + Json.MAX_DEPTH + " deep");
  }

  private static boolean isDeeper(ConfigValue value, int depth) {
    Collection<ConfigValue> within =
        switch (value) {
          case ConfigObject object -> object.values();
          case ConfigList list -> list;
          default -> List.of();
        };
    return depth < 0 || within.stream().anyMatch(each -> isDeeper(each, depth - 1));
  }

  public static Settings of(Config config) {
    return new Settings(config);
  }

  public String text(String key) {
    return read(key, "a text", config::getString).strip();
  }

  /// A string; null when it is empty.
  public @Nullable String optionalText(String key) {
    String text = text(key);
    return text.isEmpty() ? null : text;
  }

  /// A secret for use in a header; null when it is empty. Never in an error message.
  public @Nullable String optionalToken(String key) {
    String token = optionalText(key);
    if (token != null && !token.chars().allMatch(c -> c > ' ' && c < 127)) {
      throw new BadSetting(key, "must be of visible ASCII characters, without spaces");
    }
    return token;
  }

  public String nonEmpty(String key) {
    String text = text(key);
    if (text.isEmpty()) {
      throw new BadSetting(key, "must not be empty");
    }
    return text;
  }

  /// A comma-separated list.
  public List<String> list(String key) {
    return List.of(text(key).split(",")).stream()
        .map(String::strip)
        .filter(part -> !part.isEmpty())
        .toList();
  }

  public int integer(String key, int min, int max) {
    int value = read(key, WHOLE_NUMBER, config::getInt);
    // getInt would truncate a fraction.
    if (value != read(key, WHOLE_NUMBER, config::getDouble)) {
      throw new BadSetting(key, "must be a whole number, and is " + text(key));
    }
    if (value < min || value > max) {
      throw new BadSetting(key, "must be from " + min + " to " + max + ", and is " + value);
    }
    return value;
  }

  public boolean flag(String key) {
    return read(key, "true or false", config::getBoolean);
  }

  public int port(String key) {
    return integer(key, 0, 65_535);
  }

  /// A duration of at least a millisecond and at most a year.
  public Duration duration(String key) {
    Duration value = read(key, "a duration, like 500ms, 30s or 15m", config::getDuration);
    if (value.toMillis() < 1) {
      throw new BadSetting(key, "must be longer than nothing, and is " + value.toMillis() + " ms");
    }
    if (value.toDays() > 366) {
      throw new BadSetting(key, "must be at most a year");
    }
    return value;
  }

  /// A size in bytes, from 1 to 1 GiB.
  public int size(String key) {
    long value = read(key, "a size, like 64KiB or 4MiB", config::getBytes);
    if (value < 1 || value > 1L << 30) {
      throw new BadSetting(key, "must be from 1 byte to 1 GiB, and is " + value);
    }
    return (int) value;
  }

  /// A URL; null when it is empty.
  public @Nullable URI optionalUrl(String key) {
    return text(key).isEmpty() ? null : url(key);
  }

  /// A URL of scheme, host and port only; null when it is empty.
  public @Nullable URI optionalOrigin(String key) {
    URI url = optionalUrl(key);
    if (url != null && (!url.getRawPath().isEmpty() || url.getRawUserInfo() != null)) {
      throw new BadSetting(key, "must have no path and no user, and is \"" + text(key) + "\"");
    }
    return url;
  }

  /// An absolute `http` or `https` URL, without a slash at its end.
  public URI url(String key) {
    String text = nonEmpty(key);
    try {
      URI uri = new URI(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
      String scheme = uri.getScheme();
      if (scheme == null
          || !(scheme.equalsIgnoreCase("http") || scheme.equalsIgnoreCase("https"))
          || uri.getHost() == null
          || uri.getPort() > 65_535
          || uri.getRawQuery() != null
          || uri.getRawFragment() != null) {
        throw new BadSetting(key, "must be an http or https URL, and is \"" + text + "\"");
      }
      return uri;
    } catch (URISyntaxException e) {
      throw new BadSetting(key, "must be an http or https URL, and is \"" + text + "\"");
    }
  }

  public <E extends Enum<E>> E oneOf(String key, Class<E> type) {
    String word = text(key);
    for (E constant : type.getEnumConstants()) {
      if (constant.name().toLowerCase(Locale.ROOT).equals(word)) {
        return constant;
      }
    }
    throw new BadSetting(
        key,
        "must be one of "
            + List.of(type.getEnumConstants()).toString().toLowerCase(Locale.ROOT)
            + ", and is \""
            + word
            + "\"");
  }

  private <T> T read(String key, String kind, Function<String, T> getter) {
    try {
      return getter.apply(key);
    } catch (ConfigException.Missing e) {
      throw new BadSetting(key, "is not set, and must be " + kind);
    } catch (ConfigException | ArithmeticException e) {
      throw new BadSetting(key, "must be " + kind + ", and is " + shown(key));
    }
  }

  private String shown(String key) {
    ConfigValue value = config.getValue(key);
    return switch (value.valueType()) {
      case OBJECT -> "an object";
      case LIST -> "a list";
      case STRING -> "\"" + value.unwrapped() + "\"";
      case NUMBER, BOOLEAN, NULL -> String.valueOf(value.unwrapped());
    };
  }
}
