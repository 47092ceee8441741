package dev.agentrooms.agent.session;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.sdk.trace.IdGenerator;
import java.util.HashMap;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A W3C trace context, passed in `traceparent` from the caller through a run to its tools.
///
/// @param traceId 32 hexadecimal digits
/// @param flags 2 hexadecimal digits
public record Trace(String traceId, String flags) {

  private static final String TRACEPARENT = "traceparent";
  private static final W3CTraceContextPropagator W3C = W3CTraceContextPropagator.getInstance();
  private static final IdGenerator IDS = IdGenerator.random();

  /// Reads `traceparent` when the carrier is the header's value itself.
  private static final TextMapGetter<String> HEADER =
      (header, key) -> key.equals(TRACEPARENT) ? header : null;

  /// The caller's trace, or a new one when there is none or it cannot be read.
  public static Trace from(@Nullable String traceparent) {
    SpanContext caller = caller(traceparent);
    return caller.isValid()
        ? new Trace(caller.getTraceId(), caller.getTraceFlags().asHex())
        : new Trace(IDS.generateTraceId(), TraceFlags.getSampled().asHex());
  }

  /// The caller's own span; null when there is no header or it cannot be read.
  public static @Nullable String callerSpan(@Nullable String traceparent) {
    SpanContext caller = caller(traceparent);
    return caller.isValid() ? caller.getSpanId() : null;
  }

  private static SpanContext caller(@Nullable String traceparent) {
    return Span.fromContext(W3C.extract(Context.root(), traceparent, HEADER)).getSpanContext();
  }

  /// `traceparent` of a new span in this trace.
  public String newSpan() {
    return traceparent(IDS.generateSpanId());
  }

  /// `traceparent` of a span in this trace.
  String traceparent(String spanId) {
    SpanContext span =
        SpanContext.create(traceId, spanId, TraceFlags.fromHex(flags, 0), TraceState.getDefault());
    HashMap<String, String> headers = new HashMap<>();
    W3C.inject(Context.root().with(Span.wrap(span)), headers, HashMap::put);
    return Objects.requireNonNull(headers.get(TRACEPARENT));
  }
}
