package dev.agentrooms.adapters.langgraph;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.adapters.langgraph.Shown.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What a reader of a run's stream asks for, as `stream_mode` says it.
record StreamModes(List<String> names) {

  private static final List<String> KNOWN =
      List.of("values", "updates", "custom", "messages-tuple");

  StreamModes {
    names = List.copyOf(names);
  }

  static StreamModes of(List<String> asked) {
    List<String> names = new ArrayList<>();
    for (String each : asked) {
      for (String name : each.split(",", -1)) {
        if (!name.isBlank() && !names.contains(name.strip())) {
          names.add(name.strip());
        }
      }
    }
    return new StreamModes(names.isEmpty() ? List.of("values") : names);
  }

  /// A text or a list of texts; anything else gives a mode that there is not.
  static StreamModes of(JsonNode asked) {
    if (asked.isMissingNode() || asked.isNull()) {
      return of(List.of());
    }
    List<String> names = new ArrayList<>();
    if (asked.isArray()) {
      asked.forEach(each -> names.add(each.isTextual() ? each.textValue() : each.toString()));
    } else {
      names.add(asked.isTextual() ? asked.textValue() : asked.toString());
    }
    return of(names);
  }

  boolean areKnown() {
    return KNOWN.containsAll(names);
  }

  String query() {
    return names.stream().map(name -> "stream_mode=" + name).collect(Collectors.joining("&"));
  }

  /// The name of what is shown in the stream.
  ///
  /// @return null when the reader has not asked for it
  @Nullable String name(Kind kind) {
    return switch (kind) {
      case METADATA -> "metadata";
      case ERROR -> "error";
      case END -> "end";
      case VALUES -> asked("values", "values");
      case CUSTOM -> asked("custom", "custom");
      case UPDATES -> asked("updates", "updates");
      case CHUNK -> asked("messages-tuple", "messages");
      case STARTED, ENDED, MESSAGE, TOOL, ASKED, ANSWERED -> null;
    };
  }

  private @Nullable String asked(String mode, String name) {
    return names.contains(mode) ? name : null;
  }
}
