package dev.agentrooms.protocol;

import org.jspecify.annotations.Nullable;

/// What a request says about its run, `meta`.
///
/// @param replaces id of the run that this one is asked instead of, which is kept
public record RunMeta(String replaces) {

  static @Nullable RunMeta from(@Nullable Fields fields) {
    String replaces = fields == null ? null : fields.optionalRunId("replaces");
    return replaces == null ? null : new RunMeta(replaces);
  }
}
