package dev.agentrooms.webui;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import java.util.HexFormat;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class Utf8Test {

  /// The first and the last byte of every range that the definition of UTF-8 tells apart.
  private static final byte[] BORDERS =
      HexFormat.of().parseHex("007f808f909fa0bfc0c1c2dfe0e1ecedeeeff0f1f3f4f5ff");

  @Test
  void everySequenceOfBorderBytesIsJudgedAsJavaDoes() {
    for (byte a : BORDERS) {
      for (byte b : BORDERS) {
        for (byte c : BORDERS) {
          for (byte d : BORDERS) {
            byte[] bytes = {a, b, c, d};
            if (accepts(bytes, 0) != decodes(bytes)) {
              assertThat(bytes).as("as Java decodes it: " + decodes(bytes)).isNull();
            }
          }
        }
      }
    }
  }

  @Property(tries = 2000)
  void bytesAreJudgedAsJavaDoesWhereverTheyAreCut(
      @ForAll("nearlyUtf8") byte[] bytes, @ForAll int cut) {
    assertThat(accepts(bytes, Math.floorMod(cut, bytes.length + 1))).isEqualTo(decodes(bytes));
  }

  @Provide
  Arbitrary<byte[]> nearlyUtf8() {
    var text = Arbitraries.strings().ofMaxLength(20).map(s -> s.getBytes(UTF_8));
    var broken =
        Arbitraries.integers()
            .between(0, 80)
            .flatMap(
                at -> Arbitraries.bytes().flatMap(b -> text.map(whole -> replaced(whole, at, b))));
    return Arbitraries.oneOf(text, broken, Arbitraries.bytes().array(byte[].class).ofMaxSize(6));
  }

  private static byte[] replaced(byte[] bytes, int at, byte b) {
    var copy = Arrays.copyOf(bytes, bytes.length);
    if (copy.length > 0) {
      copy[at % copy.length] = b;
    }
    return copy;
  }

  private static boolean accepts(byte[] bytes, int cut) {
    var utf8 = new Utf8();
    return utf8.accept(bytes, 0, cut) && utf8.accept(bytes, cut, bytes.length) && utf8.isComplete();
  }

  private static boolean decodes(byte[] bytes) {
    try {
      UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException _) {
      return false;
    }
  }
}
