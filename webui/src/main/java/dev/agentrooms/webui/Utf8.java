package dev.agentrooms.webui;

/// Tells whether bytes that arrive piece by piece are UTF-8 (RFC 3629), decoding nothing.
final class Utf8 {

  private int missing;
  private int lowest;
  private int highest;

  /// False as soon as the text, whatever follows, cannot be UTF-8. Then this validator is of no
  /// more use.
  boolean accept(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      int b = bytes[i] & 0xff;
      if (missing == 0) {
        if (b >= 0x80 && !lead(b)) {
          return false;
        }
      } else if (b < lowest || b > highest) {
        return false;
      } else {
        missing--;
        lowest = 0x80;
        highest = 0xbf;
      }
    }
    return true;
  }

  /// Whether the text ends between two characters.
  boolean isComplete() {
    return missing == 0;
  }

  /// The byte after some leads has a narrower range: no overlong form, no surrogate, nothing above
  /// U+10FFFF.
  private boolean lead(int b) {
    if (b < 0xc2 || b > 0xf4) {
      return false;
    }
    missing = b < 0xe0 ? 1 : b < 0xf0 ? 2 : 3;
    lowest = b == 0xe0 ? 0xa0 : b == 0xf0 ? 0x90 : 0x80;
    highest = b == 0xed ? 0x9f : b == 0xf4 ? 0x8f : 0xbf;
    return true;
  }
}
