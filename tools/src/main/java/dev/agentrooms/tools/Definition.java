package dev.agentrooms.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One object of a file of tools and workflows, read by key. Getters throw a [Mistake] for an
/// invalid value. Keys that no getter has read are unknown keys.
final class Definition {

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,40}");
  private static final Duration LONGEST = Duration.ofDays(1);

  private final String path;
  private final ConfigObject object;
  private final Set<String> known = new LinkedHashSet<>();

  private Definition(String path, ConfigObject object) {
    this.path = path;
    this.object = object;
  }

  /// @throws Mistake when `value` is not an object
  static Definition of(String path, ConfigValue value) {
    if (!(value instanceof ConfigObject object)) {
      throw Mistake.at(value.origin(), path, "must be an object, in braces");
    }
    return new Definition(path, object);
  }

  /// @throws Mistake when it has an unknown key
  void end() {
    for (Map.Entry<String, ConfigValue> member : members()) {
      if (!known.contains(member.getKey())) {
        throw Mistake.at(
            member.getValue().origin(),
            path(member.getKey()),
            "is not known; there may be: " + String.join(", ", known));
      }
    }
  }

  List<Map.Entry<String, ConfigValue>> members() {
    return Hocon.members(object);
  }

  boolean has(String key) {
    return value(key) != null;
  }

  @Nullable ConfigValue value(String key) {
    known.add(key);
    ConfigValue value = object.get(key);
    return value == null || value.valueType() == ConfigValueType.NULL ? null : value;
  }

  ConfigOrigin origin() {
    return object.origin();
  }

  String path(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  String path() {
    return path;
  }

  Mistake mistake(String key, String what) {
    ConfigValue value = value(key);
    return Mistake.at(value == null ? origin() : value.origin(), path(key), what);
  }

  @Nullable Definition object(String key) {
    ConfigValue value = value(key);
    return value == null ? null : of(path(key), value);
  }

  @Nullable String text(String key) {
    ConfigValue value = value(key);
    return value == null ? null : text(path(key), value);
  }

  private static String text(String path, ConfigValue value) {
    return switch (value.valueType()) {
      case STRING, NUMBER, BOOLEAN -> String.valueOf(value.unwrapped());
      case OBJECT, LIST, NULL -> throw Mistake.at(value.origin(), path, "must be a text");
    };
  }

  /// A one-line text of 1 to `max` code points.
  @Nullable String title(String key, int max) {
    String text = text(key);
    if (text != null
        && (text.isBlank()
            || text.codePointCount(0, text.length()) > max
            || text.chars().anyMatch(Character::isISOControl))) {
      throw mistake(key, "must have 1 to " + max + " characters, in one line");
    }
    return text;
  }

  /// @throws Mistake when there is none
  String required(String key, String what) {
    String text = text(key);
    if (text == null || text.isBlank()) {
      throw mistake(key, "is missing, and must be " + what);
    }
    return text;
  }

  /// A name for a tool, a workflow or a step.
  static String name(ConfigOrigin origin, String path, String name) {
    if (!NAME.matcher(name).matches()) {
      throw Mistake.at(
          origin,
          path,
          "\""
              + name
              + "\" is no name, which has 1 to 41 of a-z, 0-9 and _, the first of them a letter");
    }
    return name;
  }

  boolean flag(String key) {
    String text = text(key);
    return switch (text) {
      case null -> false;
      case "true" -> true;
      case "false" -> false;
      default -> throw mistake(key, "must be true or false");
    };
  }

  int integer(String key, int min, int max, int otherwise) {
    String text = text(key);
    if (text == null) {
      return otherwise;
    }
    try {
      int number = Integer.parseInt(text);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // It is said below.
    }
    throw mistake(key, "must be a whole number from " + min + " to " + max);
  }

  Duration duration(String key, Duration otherwise) {
    ConfigValue value = value(key);
    if (value == null) {
      return otherwise;
    }
    try {
      Duration given = value.atKey(key).getDuration(key);
      if (given.toMillis() >= 1 && given.compareTo(LONGEST) <= 0) {
        return given;
      }
    } catch (ConfigException | ArithmeticException e) {
      // It is said below.
    }
    throw mistake(key, "must be a duration up to a day, like 500ms or 30s");
  }

  /// An enum constant, written in lower case.
  <E extends Enum<E>> E oneOf(String key, Class<E> type, E otherwise) {
    String text = text(key);
    if (text == null) {
      return otherwise;
    }
    List<String> words = new ArrayList<>();
    for (E constant : type.getEnumConstants()) {
      String word = constant.name().toLowerCase(Locale.ROOT);
      if (word.equals(text)) {
        return constant;
      }
      words.add(word);
    }
    throw mistake(key, "must be one of " + String.join(", ", words));
  }

  List<String> texts(String key) {
    List<String> texts = new ArrayList<>();
    for (ConfigValue value : list(key)) {
      texts.add(text(path(key) + "[" + texts.size() + "]", value));
    }
    return texts;
  }

  List<ConfigValue> list(String key) {
    return switch (value(key)) {
      case null -> List.of();
      case ConfigList list -> List.copyOf(list);
      case ConfigValue other ->
          throw Mistake.at(other.origin(), path(key), "must be a list, in [ ]");
    };
  }

  @Nullable JsonNode json(String key) {
    ConfigValue value = value(key);
    return value == null ? null : Hocon.json(value);
  }

  @Nullable Schema schema(String key) {
    JsonNode json = json(key);
    if (json == null) {
      return null;
    }
    try {
      return Schema.of(json);
    } catch (Schema.Invalid e) {
      throw mistake(key, e.detail());
    }
  }

  /// A template, parsed by `parse`.
  <T> T template(String key, Function<String, T> parse, String text) {
    try {
      return parse.apply(text);
    } catch (TemplateError e) {
      throw mistake(key, e.detail());
    }
  }

  @Nullable JsonTemplate jsonTemplate(String key) {
    JsonNode json = json(key);
    if (json == null) {
      return null;
    }
    try {
      return JsonTemplate.parse(json);
    } catch (TemplateError e) {
      throw mistake(key, e.detail());
    }
  }

  /// Exactly one of `keys`, each of which stands for a kind of object.
  ///
  /// @throws Mistake when there is none or more than one
  String kind(List<String> keys) {
    List<String> given = keys.stream().filter(this::has).toList();
    if (given.size() != 1) {
      throw Mistake.at(origin(), path, "must have exactly one of " + String.join(", ", keys));
    }
    return given.getFirst();
  }
}
