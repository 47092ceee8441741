package dev.agentrooms.http.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.agentrooms.http.BadSetting;
import dev.agentrooms.http.Settings;
import java.util.List;

/// The secrets that tokens are signed with, by HS256: one, or two while one is rotated. New tokens
/// are signed with the first.
record Secrets(List<byte[]> values) {

  static final Secrets NONE = new Secrets(List.of());

  private static final String KEY = "access.secret";
  private static final String OLD_KEY = "webui.room-token-secret";

  /// HS256 needs a secret as long as its digest.
  private static final int MIN_BYTES = 32;

  Secrets {
    values = List.copyOf(values);
  }

  static Secrets from(Settings settings) {
    String key = settings.optionalText(KEY) == null ? OLD_KEY : KEY;
    List<byte[]> values =
        settings.list(key).stream().map(secret -> secret.getBytes(UTF_8)).toList();
    if (values.size() > 2) {
      throw new BadSetting(key, "must be one secret, or two while one is rotated");
    }
    if (values.stream().anyMatch(secret -> secret.length < MIN_BYTES)) {
      throw new BadSetting(key, "must have at least " + MIN_BYTES + " bytes");
    }
    return new Secrets(values);
  }

  @Override
  public String toString() {
    return "Secrets";
  }
}
