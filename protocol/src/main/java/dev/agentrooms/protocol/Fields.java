package dev.agentrooms.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Reads and validates the members of one JSON object.
///
/// Every getter refuses a wrong value with an [InvalidField] that names it. An absent member and
/// `null` are the same. Lengths count Unicode code points.
public final class Fields {

  private static final Instant FIRST_TIME = Instant.parse("0000-01-01T00:00:00Z");
  private static final Instant AFTER_LAST_TIME = Instant.parse("+10000-01-01T00:00:00Z");

  private final JsonNode node;
  private final String prefix;

  private Fields(JsonNode node, String prefix) {
    this.node = node;
    this.prefix = prefix;
  }

  /// @throws InvalidField when `node` is not an object
  public static Fields of(JsonNode node) {
    if (!node.isObject()) {
      throw new InvalidField("", "The body must be a JSON object.");
    }
    return new Fields(node, "");
  }

  public JsonNode node() {
    return node;
  }

  public String text(String name, int min, int max) {
    return required(name, optionalText(name, min, max));
  }

  public @Nullable String optionalText(String name, int min, int max) {
    JsonNode value = present(name);
    if (value == null) {
      return null;
    }
    if (!value.isTextual()) {
      throw invalid(name, "must be a string");
    }
    return Text.checked(prefix + name, value.textValue(), min, max);
  }

  public String sessionId() {
    return SessionId.checked("session_id", text("session_id", 1, SessionId.MAX_LENGTH));
  }

  public @Nullable String optionalSessionId() {
    return present("session_id") == null ? null : sessionId();
  }

  public @Nullable String optionalRunId() {
    return optionalRunId("run_id");
  }

  public @Nullable String optionalRunId(String name) {
    String runId = optionalText(name, 1, SessionId.MAX_LENGTH);
    return runId == null ? null : RunId.checked(prefix + name, runId);
  }

  public @Nullable Long optionalLong(String name, long min, long max) {
    JsonNode value = present(name);
    if (value == null) {
      return null;
    }
    if (!value.isNumber() || !value.canConvertToExactIntegral() || !value.canConvertToLong()) {
      throw invalid(name, "must be an integer");
    }
    long number = value.longValue();
    if (number < min || number > max) {
      throw invalid(name, "must be from " + min + " to " + max);
    }
    return number;
  }

  public @Nullable Integer optionalInt(String name, int min, int max) {
    Long value = optionalLong(name, min, max);
    return value == null ? null : value.intValue();
  }

  public boolean flag(String name, boolean absent) {
    JsonNode value = present(name);
    if (value == null) {
      return absent;
    }
    if (!value.isBoolean()) {
      throw invalid(name, "must be true or false");
    }
    return value.booleanValue();
  }

  public double number(String name) {
    JsonNode value = required(name, present(name));
    if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
      throw invalid(name, "must be a number");
    }
    return value.doubleValue();
  }

  /// A timestamp in the years 0000 to 9999 UTC, the range of ISO 8601 with four digits.
  public Instant time(String name) {
    String text = text(name, 1, 64);
    try {
      Instant time = Timestamps.parse(text);
      if (time.isBefore(FIRST_TIME) || !time.isBefore(AFTER_LAST_TIME)) {
        throw invalid(name, "must be in the years 0000 to 9999");
      }
      return time;
    } catch (DateTimeException e) {
      throw invalid(
          name, "must be an ISO-8601 time with its offset, like 2026-11-22T10:00:00.123Z");
    }
  }

  /// Of any type; null when absent.
  public @Nullable JsonNode value(String name) {
    return present(name);
  }

  public @Nullable ObjectNode optionalObject(String name) {
    JsonNode value = present(name);
    if (value == null) {
      return null;
    }
    if (!(value instanceof ObjectNode object)) {
      throw invalid(name, "must be an object");
    }
    return object;
  }

  public @Nullable Fields optionalFields(String name) {
    ObjectNode value = optionalObject(name);
    return value == null ? null : new Fields(value, prefix + name + ".");
  }

  public Fields fields(String name) {
    return required(name, optionalFields(name));
  }

  /// An array of objects, each read by `element`.
  public <T> List<T> objects(String name, Function<Fields, T> element) {
    JsonNode value = required(name, present(name));
    if (!value.isArray()) {
      throw invalid(name, "must be an array");
    }
    List<T> all = new ArrayList<>(value.size());
    for (JsonNode item : value) {
      String path = prefix + name + "[" + all.size() + "]";
      if (!item.isObject()) {
        throw new InvalidField(path, path + " must be an object");
      }
      all.add(element.apply(new Fields(item, path + ".")));
    }
    return all;
  }

  /// An enum member, written in lower case; `absent` when there is none.
  public <E extends Enum<E>> E oneOf(String name, Class<E> type, E absent) {
    JsonNode value = present(name);
    if (value == null) {
      return absent;
    }
    List<String> words = new ArrayList<>();
    for (E constant : type.getEnumConstants()) {
      String word = Text.lower(constant.name());
      if (value.isTextual() && value.textValue().equals(word)) {
        return constant;
      }
      words.add(word);
    }
    throw invalid(name, "must be one of " + String.join(", ", words));
  }

  public InvalidField invalid(String name, String what) {
    return new InvalidField(prefix + name, prefix + name + " " + what);
  }

  private <T> T required(String name, @Nullable T value) {
    if (value == null) {
      throw invalid(name, "is required");
    }
    return value;
  }

  private @Nullable JsonNode present(String name) {
    JsonNode value = node.get(name);
    return value == null || value.isNull() ? null : value;
  }
}
