package dev.agentrooms.store;

/// What is known of a stream.
///
/// @param id its row's, which no other stream ever has
/// @param epoch part of each of its offsets; a stream that is made anew has another
/// @param tail the `seq` of its last event; 0 when it has none
/// @param ttlSeconds how long it may be idle; -1 for ever
/// @param expiresAt in milliseconds; -1 for never
public record StreamInfo(
    long id,
    String path,
    String epoch,
    String contentType,
    long tail,
    boolean isClosed,
    long ttlSeconds,
    long expiresAt) {

  private static final String JSON = "application/json";

  /// Without its parameters, in lower case: what two types are compared by.
  public static String mediaType(String contentType) {
    int end = contentType.indexOf(';');
    String type = end < 0 ? contentType : contentType.substring(0, end);
    return type.strip().toLowerCase(java.util.Locale.ROOT);
  }

  public static boolean isJson(String contentType) {
    return mediaType(contentType).equals(JSON);
  }

  public boolean isJson() {
    return isJson(contentType);
  }
}
