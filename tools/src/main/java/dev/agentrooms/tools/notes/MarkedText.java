package dev.agentrooms.tools.notes;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// An answer while it is being written, with its markers: `[2]` stands for the second chunk that
/// the writer was given. A marker that stands for none is taken out, together with the space before
/// it, and `[1, 2]` becomes `[1][2]`.
///
/// What may yet become a marker is held back, so that what has been shown never changes.
final class MarkedText {

  private static final int LONGEST = 40;
  private static final Pattern OPEN = Pattern.compile("\\[[\\d, ]*+\\z");

  private final int chunks;
  private final StringBuilder text = new StringBuilder();
  private final StringBuilder held = new StringBuilder();
  private final Set<Integer> markers = new TreeSet<>();
  private boolean isOpen;

  /// @param chunks how many there are
  MarkedText(int chunks) {
    this.chunks = chunks;
  }

  /// @return what can be shown by now, from where the last piece ended
  String add(String piece) {
    int from = text.length();
    piece.chars().forEach(c -> add((char) c));
    return text.substring(from);
  }

  /// The text has ended.
  ///
  /// @return the rest of it
  String end() {
    int from = text.length();
    release();
    return text.substring(from);
  }

  /// All that could be shown so far.
  String text() {
    return text.toString();
  }

  /// The markers in it that stand for chunks, in ascending order.
  Set<Integer> markers() {
    return markers;
  }

  private void add(char c) {
    if (isOpen && c == ']') {
      close();
      return;
    }
    if (isOpen && (Character.isDigit(c) || c == ',' || c == ' ') && held.length() < LONGEST) {
      held.append(c);
      return;
    }
    if (isOpen || (c != ' ' && c != '[')) {
      release();
    }
    if (c == ' ' || c == '[') {
      held.append(c);
      isOpen = c == '[';
      return;
    }
    text.append(c);
  }

  private boolean endsOpen() {
    return OPEN.matcher(text).region(Math.max(0, text.length() - LONGEST), text.length()).find();
  }

  private void release() {
    text.append(held);
    held.setLength(0);
    isOpen = false;
  }

  private void close() {
    int at = held.indexOf("[");
    Set<Integer> named = new LinkedHashSet<>();
    boolean isMarker = false;
    for (String each : held.substring(at + 1).split(",", -1)) {
      String number = each.strip();
      isMarker |= !number.isEmpty();
      if (number.matches("0{0,3}[1-9]\\d{0,5}") && Integer.parseInt(number) <= chunks) {
        named.add(Integer.parseInt(number));
      }
    }
    if (!isMarker) {
      held.append(']');
      release();
      return;
    }
    if (!named.isEmpty()) {
      text.append(held, 0, at);
      named.forEach(each -> text.append('[').append(each).append(']'));
      markers.addAll(named);
    }
    held.setLength(0);
    isOpen = false;
    if (named.isEmpty() && endsOpen()) {
      // Else what is before it and behind it would become a marker.
      text.append('…');
    }
  }
}
