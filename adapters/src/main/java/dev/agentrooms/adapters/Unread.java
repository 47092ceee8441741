package dev.agentrooms.adapters;

/// Something could not be read, which does not mean that it is not there.
final class Unread extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final transient Refusal why;

  Unread(Refusal why) {
    super(why.detail(), null, false, false);
    this.why = why;
  }

  Refusal why() {
    return why;
  }
}
