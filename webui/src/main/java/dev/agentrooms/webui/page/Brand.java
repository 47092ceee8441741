package dev.agentrooms.webui.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.agentrooms.http.BadSetting;
import dev.agentrooms.http.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The name, logo and colour that the page wears.
///
/// @param logo null for the one that comes with the page
/// @param accent null for the colour that comes with the page
public record Brand(String name, @Nullable Logo logo, @Nullable Accent accent) {

  private static final int MAX_NAME = 60;
  private static final int MAX_LOGO_BYTES = 256 * 1024;
  private static final Map<String, String> TYPES =
      Map.of("svg", "image/svg+xml", "png", "image/png", "webp", "image/webp");

  public static final Brand PLAIN = new Brand("Agent Rooms", null, null);

  /// @param ending of its file's name, which says what kind of picture it is
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Logo(String ending, byte[] bytes) {}

  /// @throws BadSetting naming the first invalid setting
  public static Brand from(Settings settings) {
    String name = settings.nonEmpty("webui.brand.name").strip();
    if (name.codePointCount(0, name.length()) > MAX_NAME
        || name.codePoints().anyMatch(Character::isISOControl)) {
      throw new BadSetting(
          "webui.brand.name", "must have at most " + MAX_NAME + " characters on one line");
    }
    String accent = settings.optionalText("webui.brand.accent");
    return new Brand(
        name,
        logo(settings.optionalText("webui.brand.logo")),
        accent == null ? null : Accent.of("webui.brand.accent", accent));
  }

  private static @Nullable Logo logo(@Nullable String file) {
    if (file == null) {
      return null;
    }
    String key = "webui.brand.logo";
    String ending = file.substring(file.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    if (!TYPES.containsKey(ending)) {
      throw new BadSetting(key, "must be the path of an .svg, .png or .webp file");
    }
    try {
      Path path = Path.of(file);
      if (Files.size(path) > MAX_LOGO_BYTES) {
        throw new BadSetting(key, "must be a file of at most 256 KiB");
      }
      return new Logo(ending, Files.readAllBytes(path));
    } catch (IOException | InvalidPathException e) {
      throw new BadSetting(key, "cannot be read: " + file);
    }
  }

  /// What the HTML says of it.
  Map<String, String> words() {
    return Map.of(
        "brand.name",
        name,
        "brand.icon",
        logo == null ? "icon.svg" : "brand." + logo.ending,
        "brand.type",
        TYPES.getOrDefault(logo == null ? "svg" : logo.ending, ""));
  }

  /// Adds the files that it is made of.
  void addTo(Map<String, byte[]> files) {
    if (accent != null) {
      String css = PageSource.text(files, "page.css") + accent.css();
      files.put("page.css", css.getBytes(UTF_8));
    }
    if (logo != null) {
      files.put("brand." + logo.ending, logo.bytes);
    }
  }
}
