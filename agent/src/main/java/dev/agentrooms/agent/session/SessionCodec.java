package dev.agentrooms.agent.session;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentrooms.protocol.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// What is kept of a session, as bytes: `{"v":1,"type":"StepDone",…}`, JSON in UTF-8.
///
/// A reader ignores fields that it does not know. What it cannot read at all is refused, so that
/// nothing is taken for less than it was.
public final class SessionCodec {

  private static final byte[] VERSION = "{\"v\":1,".getBytes(StandardCharsets.UTF_8);
  private static final ObjectMapper MAPPER = mapper();

  private SessionCodec() {}

  public static byte[] encode(SessionEvent event) {
    return encoded(event);
  }

  /// @throws UncheckedIOException when it is no event of a version that is known
  public static SessionEvent event(byte[] bytes) {
    return read(bytes, SessionEvent.class);
  }

  public static byte[] encode(SessionSnapshot snapshot) {
    return encoded(snapshot);
  }

  /// @throws UncheckedIOException when it is no snapshot of a version that is known
  public static SessionSnapshot snapshot(byte[] bytes) {
    return read(bytes, SessionSnapshot.class);
  }

  private static byte[] encoded(Object value) {
    try {
      byte[] json = MAPPER.writeValueAsBytes(value);
      byte[] bytes = new byte[VERSION.length + json.length - 1];
      System.arraycopy(VERSION, 0, bytes, 0, VERSION.length);
      // Behind its brace.
      System.arraycopy(json, 1, bytes, VERSION.length, json.length - 1);
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static <T> T read(byte[] bytes, Class<T> type) {
    for (int i = 0; i < VERSION.length; i++) {
      if (i >= bytes.length || bytes[i] != VERSION[i]) {
        throw new UncheckedIOException(new IOException("this is of a version that is not known"));
      }
    }
    try {
      return MAPPER.readValue(bytes, type);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // What came in is limited where it comes in; here it only has to go out as it came.
  private static ObjectMapper mapper() {
    ObjectMapper mapper =
        Json.mapper()
            .copy()
            .configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false)
            .setVisibility(PropertyAccessor.ALL, Visibility.NONE)
            .setVisibility(PropertyAccessor.CREATOR, Visibility.ANY)
            .setVisibility(PropertyAccessor.FIELD, Visibility.ANY);
    int any = Integer.MAX_VALUE;
    mapper
        .getFactory()
        .setStreamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(any)
                .maxNumberLength(any)
                .maxStringLength(any)
                .maxNameLength(any)
                .build())
        .setStreamWriteConstraints(StreamWriteConstraints.builder().maxNestingDepth(any).build());
    return mapper;
  }
}
