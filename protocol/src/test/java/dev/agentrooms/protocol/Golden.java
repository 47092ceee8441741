package dev.agentrooms.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// Golden files of the wire format, written by hand from the contract.
final class Golden {

  private Golden() {}

  static byte[] bytes(String name) {
    try (var file = Golden.class.getResourceAsStream("/golden/" + name + ".json")) {
      assertThat(file).as(name).isNotNull();
      return file.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The file without its white space: its members stay in their order, its numbers as written.
  static String compact(String name) {
    return new String(Json.encode(Json.parse(bytes(name))), StandardCharsets.UTF_8);
  }
}
