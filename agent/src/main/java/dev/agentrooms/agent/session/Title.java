package dev.agentrooms.agent.session;

import dev.agentrooms.protocol.Text;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a session is called: as people have named it, or else by its first question.
///
/// For example: "Create a quiz about volcanoes" stays the title when its answers are checked, which
/// is a run of its own, and when other questions follow.
///
/// @param given null while nobody has named the session
/// @param asked the beginning of the first question; null while there is none. A check of answers
///     is no question
public record Title(@Nullable String given, @Nullable String asked) {

  public static final int MAX_LENGTH = 200;

  static final Title NONE = new Title(null, null);

  public Optional<String> shown() {
    return Optional.ofNullable(given == null ? asked : given);
  }

  /// @param name null for the first question again
  Title named(@Nullable String name) {
    return new Title(name, asked);
  }

  /// @param runs those of the session, oldest first
  Title askedIn(Stream<Run> runs) {
    return asked != null
        ? this
        : runs.map(Run::spec)
            .filter(spec -> spec.submission() == null)
            .findFirst()
            .map(spec -> new Title(given, Text.cut(spec.question(), MAX_LENGTH)))
            .orElse(this);
  }
}
