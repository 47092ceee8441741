package dev.agentrooms.protocol;

/// JSON of any depth.
enum Nested {
  ARRAYS("[", "]"),
  OBJECTS("{\"a\":", "}"),
  MIXED("[{\"a\":", "}]");

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
          // Every other one is an array, from the outside in.
          open.repeat(depth / 2) + (depth % 2 == 0 ? "0" : "[0]") + close.repeat(depth / 2);
    };
  }

  /// The same without its end.
  String open(int depth) {
    String whole = json(depth);
    return whole.substring(0, whole.indexOf('0'));
  }
}
