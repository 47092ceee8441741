package dev.agentrooms.webui;

import java.util.List;

/// JSON of any depth.
enum Nested {
  ARRAYS("[", "]"),
  OBJECTS("{\"a\":", "}"),
  MIXED("[{\"a\":", "}]");

  static final List<Integer> DEPTHS = List.of(3, 97, 98, 99, 100, 101, 102, 500, 990, 996, 30_000);

  private final String open;
  private final String close;

  Nested(String open, String close) {
    this.open = open;
    this.close = close;
  }

  /// A value that is nested `depth` deep.
  String json(int depth) {
    return switch (this) {
      case ARRAYS, OBJECTS -> open.repeat(depth) + 0 + close.repeat(depth);
      case MIXED ->
          open.repeat(depth / 2) + (depth % 2 == 0 ? "0" : "[0]") + close.repeat(depth / 2);
    };
  }

  /// `object`, which has a member already, with one more that makes it `depth` deep.
  String in(String object, int depth) {
    return object.substring(0, object.length() - 1) + ",\"more\":" + json(depth - 1) + "}";
  }
}
