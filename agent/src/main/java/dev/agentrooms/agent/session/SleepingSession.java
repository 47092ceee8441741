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

/// A passivated session: what it remembers while it has no actor.
///
/// Packed, it is JSON compressed by deflate with a sample session (`sample.json`) as the
/// dictionary, because most of a small session's JSON is the same in every session.
///
/// @param events its progress events that can still be read, oldest first
public record SleepingSession(SessionState state, List<ProgressEvent> events) {

  // A larger session stays awake: its actor is a small part of it, and packing would block others.
  public static final int MAX_BYTES = 256 * 1024;

  private static final ObjectMapper MAPPER = mapper();
  private static final byte[] DICTIONARY = sample();

  /// The compressed bytes; null when the JSON is larger than [#MAX_BYTES].
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

  /// The JSON before compression.
  byte[] json() {
    try {
      return MAPPER.writeValueAsBytes(this);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // No limits here: input is limited where it enters, and this only reads its own output.
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
