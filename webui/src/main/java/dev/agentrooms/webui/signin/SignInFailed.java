package dev.agentrooms.webui.signin;

/// The provider did not do what it is there for.
final class SignInFailed extends Exception {

  SignInFailed(String message) {
    super(message);
  }

  SignInFailed(String message, Throwable cause) {
    super(message, cause);
  }
}
