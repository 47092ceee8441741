package dev.agentrooms.webui.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/// The page's files as they are written, by their path, read from the class path once.
final class PageSource {

  private static final String ROOT = "agent-rooms-page/";

  private PageSource() {}

  static Map<String, byte[]> read() {
    URL url =
        Objects.requireNonNull(
            PageSource.class.getResource("/" + ROOT + "index.html"), "the page is missing");
    try {
      return url.openConnection() instanceof JarURLConnection jar
          ? inJar(jar.getJarFile())
          : inFolder(Objects.requireNonNull(Path.of(url.toURI()).getParent()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, byte[]> inJar(JarFile jar) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    List<? extends ZipEntry> entries =
        jar.stream().filter(e -> !e.isDirectory() && e.getName().startsWith(ROOT)).toList();
    for (ZipEntry entry : entries) {
      try (InputStream in = jar.getInputStream(entry)) {
        files.put(entry.getName().substring(ROOT.length()), in.readAllBytes());
      }
    }
    return files;
  }

  private static Map<String, byte[]> inFolder(Path folder) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(folder.relativize(file).toString().replace('\\', '/'), Files.readAllBytes(file));
      }
    }
    return files;
  }

  static String text(Map<String, byte[]> files, String path) {
    byte[] bytes = files.get(path);
    if (bytes == null) {
      throw new IllegalStateException("the page has no " + path);
    }
    return new String(bytes, UTF_8);
  }
}
