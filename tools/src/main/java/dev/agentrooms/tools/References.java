package dev.agentrooms.tools;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Checks that paths in templates and conditions refer to existing steps and values.
final class References {

  static final String STEPS = "steps";

  private static final Set<String> TEXTS = Set.of("question", "run_id", "session_id");

  private References() {}

  /// The error in the first part of a path; null when it is valid.
  static @Nullable String wrongRoot(ValuePath path, List<String> roots) {
    String root = path.segments().getFirst();
    if (!roots.contains(root)) {
      return "{{" + path + "}} names nothing; a path begins with " + String.join(", ", roots);
    }
    if (TEXTS.contains(root) && path.segments().size() > 1) {
      return "{{" + path + "}} names nothing; " + root + " is a text";
    }
    return root.equals(STEPS) && path.segments().size() == 1
        ? "{{steps}} must go on with the name of a step"
        : null;
  }

  /// The error in a path that names a step; null when it is valid.
  ///
  /// @param earlier the steps before this one, which it may name
  static @Nullable String wrongStep(ValuePath path, Collection<String> earlier) {
    return path.segments().getFirst().equals(STEPS)
            && path.segments().size() > 1
            && !earlier.contains(path.segments().get(1))
        ? "{{"
            + path
            + "}} names no step before it; "
            + (earlier.isEmpty() ? "there are none" : "there are: " + String.join(", ", earlier))
        : null;
  }
}
