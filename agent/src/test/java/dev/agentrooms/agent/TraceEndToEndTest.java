package dev.agentrooms.agent;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.typesafe.config.ConfigFactory;
import dev.agentrooms.agent.session.Narrator;
import dev.agentrooms.agent.session.RunSpec;
import dev.agentrooms.agent.session.SessionCommand;
import dev.agentrooms.agent.session.SessionDecisions;
import dev.agentrooms.agent.session.SessionReply;
import dev.agentrooms.agent.session.Trace;
import dev.agentrooms.agent.telemetry.AgentMetrics;
import dev.agentrooms.agent.telemetry.ChosenIds;
import dev.agentrooms.agent.telemetry.OtelRunTracer;
import dev.agentrooms.agent.telemetry.RunTracer;
import dev.agentrooms.http.LastingClient;
import dev.agentrooms.http.Settings;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.OnBusy;
import dev.agentrooms.protocol.RunRequest;
import dev.agentrooms.tools.HttpTools;
import dev.agentrooms.tools.ToolClient;
import dev.agentrooms.tools.Tools;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// One trace from the caller through a run to tools and watchers, over real HTTP.
@Tag("wire")
class TraceEndToEndTest {

  private static final ActorTestKit KIT =
      ActorTestKit.create(ConfigFactory.parseString("pekko.actor.provider = local"));

  private static final String CALLER = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

  private record Received(String path, String traceparent, JsonNode body) {}

  private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
  private final SdkTracerProvider provider =
      SdkTracerProvider.builder()
          .setIdGenerator(new ChosenIds())
          .addSpanProcessor(SimpleSpanProcessor.create(exporter))
          .build();
  private final BlockingQueue<Received> toTools = new LinkedBlockingQueue<>();
  private final BlockingQueue<Received> toWebUi = new LinkedBlockingQueue<>();
  private final HttpClient client = HttpClient.newHttpClient();
  private volatile int toolStatus = 200;
  private HttpServer server = server();

  @BeforeEach
  void listen() {
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    client.close();
    provider.close();
  }

  @AfterAll
  static void shutDown() {
    KIT.shutdownTestKit();
  }

  @Test
  void callersTraceReachesEveryToolAndEveryEvent() throws Exception {
    List<Received> events = run(CALLER, new OtelRunTracer(provider.get("test")));

    Map<String, SpanData> spans = spans();
    assertThat(spans)
        .containsOnlyKeys("run", "retrieval", "rag_search", "generate_exam", "generate_exam()");
    assertThat(spans.values())
        .allSatisfy(
            span -> assertThat(span.getTraceId()).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736"));
    SpanData run = span(spans, "run");
    assertThat(run.getParentSpanId()).isEqualTo("00f067aa0ba902b7");
    assertThat(run.getKind()).isEqualTo(SpanKind.SERVER);
    assertThat(run.getStatus().getStatusCode()).isEqualTo(StatusCode.OK);
    assertThat(run.getAttributes().asMap())
        .anySatisfy((key, value) -> assertThat(value).isEqualTo("create_quiz"));
    assertThat(span(spans, "retrieval").getParentSpanId()).isEqualTo(run.getSpanId());
    assertThat(span(spans, "generate_exam").getParentSpanId()).isEqualTo(run.getSpanId());
    assertThat(span(spans, "rag_search").getParentSpanId())
        .isEqualTo(span(spans, "retrieval").getSpanId());
    assertThat(span(spans, "generate_exam()").getParentSpanId())
        .isEqualTo(span(spans, "generate_exam").getSpanId());

    assertThat(toTools)
        .extracting(Received::traceparent)
        .containsExactly(
            traceparent(span(spans, "rag_search")), traceparent(span(spans, "generate_exam()")));
    assertThat(events).extracting(Received::traceparent).containsOnly(traceparent(run));
    assertThat(events)
        .allSatisfy(
            event ->
                assertThat(event.body().path("meta").path("trace_id").asText())
                    .isEqualTo(run.getTraceId()));
  }

  @Test
  void traceThatBeginsHereHasTheRunAsItsRoot() throws Exception {
    List<Received> events = run(null, new OtelRunTracer(provider.get("test")));

    SpanData run = span(spans(), "run");
    assertThat(run.getParentSpanContext().isValid()).isFalse();
    assertThat(events.getFirst().body().path("meta").path("trace_id").asText())
        .isEqualTo(run.getTraceId());
    assertThat(events.getFirst().traceparent()).isEqualTo(traceparent(run));
  }

  @Test
  void failedToolMarksItsCallItsStepAndItsRun() throws Exception {
    toolStatus = 500;
    run(CALLER, new OtelRunTracer(provider.get("test")));

    Map<String, SpanData> spans = spans();
    assertThat(spans).containsOnlyKeys("run", "retrieval", "rag_search");
    assertThat(spans.values())
        .allSatisfy(
            span -> assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR));
    assertThat(span(spans, "rag_search").getAttributes().asMap().values())
        .contains("http_status", 500L);
  }

  @Test
  void traceIdsFlowWhenNothingIsRecorded() throws Exception {
    List<Received> events = run(CALLER, RunTracer.OFF);

    assertThat(exporter.getFinishedSpanItems()).isEmpty();
    assertThat(toTools)
        .extracting(Received::traceparent)
        .allMatch(sent -> sent.startsWith("00-4bf92f3577b34da6a3ce929d0e0e4736-"))
        .doesNotHaveDuplicates()
        .doesNotContain(CALLER);
    assertThat(events)
        .extracting(Received::traceparent)
        .allMatch(sent -> sent.startsWith("00-4bf92f3577b34da6a3ce929d0e0e4736-"))
        .doesNotContain(CALLER);
  }

  @Test
  void correlationIdIsTheCallersAndStandsInTheOpeningEvent() throws Exception {
    List<Received> events = run(CALLER, RunTracer.OFF);

    assertThat(events.getFirst().body().path("step").asText()).isEqualTo("intent_determined");
    assertThat(events.getFirst().body().path("meta").path("correlation_id").asText())
        .isEqualTo("ticket-7", null);
  }

  @Test
  void everyLogLineOfARunNamesIt() throws Exception {
    var lines = new ListAppender<ILoggingEvent>();
    var logger = (Logger) LoggerFactory.getLogger(AgentSession.class);
    lines.start();
    logger.addAppender(lines);
    // Tests log errors only.
    logger.setLevel(Level.INFO);
    try {
      run(CALLER, RunTracer.OFF);
    } finally {
      logger.setLevel(null);
      logger.detachAppender(lines);
    }

    assertThat(lines.list.getFirst().getFormattedMessage()).isEqualTo("session created");
    assertThat(lines.list.subList(1, lines.list.size()))
        .filteredOn(line -> line.getLevel() == Level.INFO)
        .hasSize(6)
        .extracting(ILoggingEvent::getMDCPropertyMap)
        .allSatisfy(
            fields ->
                assertThat(fields)
                    .containsEntry("session_id", "s1")
                    .containsEntry("run_id", "r-1")
                    .containsEntry("correlation_id", "ticket-7")
                    .containsEntry("trace_id", "4bf92f3577b34da6a3ce929d0e0e4736"));
  }

  /// Runs a quiz to its end and returns the events sent to the web UI.
  private List<Received> run(@Nullable String traceparent, RunTracer tracer)
      throws InterruptedException {
    String url = "http://127.0.0.1:" + server.getAddress().getPort();
    AgentSettings settings =
        AgentSettings.from(
            Settings.of(
                ConfigFactory.parseMap(
                        Map.of(
                            "agent.tools.rag.url",
                            url,
                            "agent.tools.test-generator.url",
                            url,
                            "agent.progress.sink",
                            "http",
                            "agent.progress.url",
                            url + "/progress"))
                    .withFallback(Settings.load())));
    Tools tools = settings.tools().declared().tools();
    SessionWiring wiring =
        new SessionWiring(
            settings,
            Given.agent(),
            tools,
            new SessionDecisions(Given.agent(), tools, Given.ANSWER_TIME),
            new Narrator(Given.agent(), tools),
            new HttpTools(new ToolClient(() -> client, old -> {}), 1_000_000),
            new HttpProgressSink(new LastingClient(() -> client), settings.progress(), null),
            new RunSlots(1, 1, 1),
            Given.store(),
            new Backlog(),
            new AgentMetrics(new SimpleMeterRegistry()),
            tracer,
            InstantSource.system());
    TestProbe<ClusterSharding.ShardCommand> shard = KIT.createTestProbe();
    TestProbe<SessionReply> reply = KIT.createTestProbe();
    ActorRef<SessionProtocol.Command> session =
        KIT.spawn(AgentSession.create("s1", wiring, shard.ref(), late -> {}));
    RunRequest request =
        RunRequest.from(
            Json.parseObject(
                "{\"question\":\"Create a quiz about rocks\"}".getBytes(StandardCharsets.UTF_8)));
    RunSpec spec =
        RunSpec.of("r-1", "s1", request, Instant.now(), Trace.from(traceparent))
            .calledBy(Trace.callerSpan(traceparent), "ticket-7", null);
    session.tell(
        new SessionProtocol.Start(
            new SessionCommand.Start(spec, OnBusy.REJECT, List.of(), SessionCommand.Turn.LATER),
            reply.ref()));
    assertThat(reply.receiveMessage(Duration.ofSeconds(60)))
        .isInstanceOf(SessionReply.Accepted.class);

    List<Received> events = new ArrayList<>();
    do {
      Received event = toWebUi.poll(60, TimeUnit.SECONDS);
      assertThat(event).isNotNull();
      events.add(event);
    } while (!events.getLast().body().path("step").asText().equals("final_answer"));
    KIT.stop(session);
    return events;
  }

  /// Spans by name; a tool call that shares its step's name is told apart by `()`.
  private Map<String, SpanData> spans() {
    return exporter.getFinishedSpanItems().stream()
        .collect(
            Collectors.toMap(
                span ->
                    span.getName().equals("generate_exam") && span.getKind() == SpanKind.CLIENT
                        ? "generate_exam()"
                        : span.getName(),
                span -> span));
  }

  private static SpanData span(Map<String, SpanData> spans, String name) {
    SpanData span = spans.get(name);
    if (span == null) {
      throw new AssertionError("no span " + name + " in " + spans.keySet());
    }
    return span;
  }

  private static String traceparent(SpanData span) {
    return "00-" + span.getTraceId() + "-" + span.getSpanId() + "-01";
  }

  private HttpServer server() {
    try {
      HttpServer created =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
      tool(created, "/search", "{\"chunks\":[{\"id\":\"c1\",\"text\":\"t\"}]}");
      tool(
          created,
          "/api/generate",
          """
          {"exam_id":"ex-1","title":"t","questions":[{"id":"q1","text":"?","options":{"a":"1"}}]}""");
      created.createContext(
          "/progress",
          exchange -> {
            toWebUi.add(received(exchange));
            answer(exchange, 200, "{}");
          });
      return created;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void tool(HttpServer at, String path, String json) {
    at.createContext(
        path,
        exchange -> {
          toTools.add(received(exchange));
          answer(exchange, toolStatus, json);
        });
  }

  private static Received received(HttpExchange exchange) throws IOException {
    return new Received(
        exchange.getRequestURI().getPath(),
        String.valueOf(exchange.getRequestHeaders().getFirst("traceparent")),
        Json.parse(exchange.getRequestBody().readAllBytes()));
  }

  private static void answer(HttpExchange exchange, int status, String json) throws IOException {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }
}
