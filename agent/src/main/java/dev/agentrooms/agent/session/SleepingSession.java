package dev.agentrooms.agent.session;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.ProgressEvent;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/// A session without its actor: all that it has to remember while it has nothing to do.
///
/// Packed it is JSON, deflated with a made-up session (`sample.json`) as the dictionary, since
/// what a session remembers after a small run is mostly what all of them do.
///
/// @param events its progress as far as it can be read, oldest first
public record SleepingSession(SessionState state, List<ProgressEvent> events) {

  // Beyond that the actor is not what costs, and packing would keep others waiting.
  public static final int MAX_BYTES = 256 * 1024;

  private static final ObjectMapper MAPPER = mapper();
  private static final byte[] DICTIONARY = sample();

  /// Null when it is too large to be worth it.
  public byte @Nullable [] pack() {
    Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    ByteArrayOutputStream packed = new ByteArrayOutputStream(512);
    try {
      deflater.setDictionary(DICTIONARY);
      try (OutputStream json = new Limited(new DeflaterOutputStream(packed, deflater))) {
        MAPPER.writeValue(json, this);
      }
      return packed.toByteArray();
    } catch (TooMuch e) {
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      deflater.end();
    }
  }

  public static SleepingSession unpack(byte[] packed) {
    Inflater inflater = new Inflater(true);
    try (InputStream json = new InflaterInputStream(new ByteArrayInputStream(packed), inflater)) {
      inflater.setDictionary(DICTIONARY);
      return MAPPER.readValue(json, SleepingSession.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      inflater.end();
    }
  }

  private static byte[] sample() {
    try (InputStream sample = SleepingSession.class.getResourceAsStream("sample.json")) {
      return Objects.requireNonNull(sample, "sample.json").readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// As it is before it is deflated.
  byte[] json() {
    try {
      return MAPPER.writeValueAsBytes(this);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // What came in is limited where it comes in; here it only has to go out as it came.
  private static ObjectMapper mapper() {
    ObjectMapper mapper =
        Json.mapper()
            .copy()
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

  private static final class TooMuch extends IOException {
    private static final long serialVersionUID = 1;
  }

  private static final class Limited extends FilterOutputStream {

    private int left = MAX_BYTES;

    Limited(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int b) throws IOException {
      take(1);
      out.write(b);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      take(length);
      out.write(bytes, from, length);
    }

    private void take(int length) throws TooMuch {
      left -= length;
      if (left < 0) {
        throw new TooMuch();
      }
    }
  }
}
