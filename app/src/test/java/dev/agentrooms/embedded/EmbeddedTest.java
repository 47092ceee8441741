package dev.agentrooms.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.agentrooms.api.JavaTool;
import dev.agentrooms.http.BadSetting;
import dev.agentrooms.protocol.Json;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A server within another program, and the example of one, which is compiled and run.
@Tag("wire")
class EmbeddedTest {

  private static final Path EXAMPLE = Path.of("../examples/java");
  private static final String SCHEMA = "{\"type\":\"object\"}";

  @TempDir private static Path classes;
  private final HttpClient http = HttpClient.newHttpClient();

  private static Config settings() throws Exception {
    try (ServerSocket agent = new ServerSocket(0);
        ServerSocket webUi = new ServerSocket(0)) {
      return ConfigFactory.parseMap(
          Map.of(
              "agent.http.port",
              agent.getLocalPort(),
              "webui.http.port",
              webUi.getLocalPort(),
              "store.kind",
              "memory"));
    }
  }

  private JsonNode run(AgentRooms rooms, String workflow, String input) throws Exception {
    String body = "{\"question\":\"Go\",\"workflow\":\"" + workflow + "\",\"input\":" + input + "}";
    return Json.parseAnswer(
        http.send(
                HttpRequest.newBuilder(URI.create(rooms.agent() + "/api/agent/run?wait=60"))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(body.replace('\'', '"')))
                    .build(),
                HttpResponse.BodyHandlers.ofByteArray())
            .body());
  }

  private static URLClassLoader compiled() throws Exception {
    List<String> arguments =
        new ArrayList<>(
            List.of("-d", classes.toString(), "-cp", System.getProperty("java.class.path")));
    try (Stream<Path> files = Files.list(EXAMPLE)) {
      files.map(Path::toString).filter(name -> name.endsWith(".java")).forEach(arguments::add);
    }
    assertThat(
            ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, arguments.toArray(String[]::new)))
        .isZero();
    Path services = classes.resolve("META-INF/services");
    Files.createDirectories(services);
    String name = "dev.agentrooms.api.ToolProvider";
    Files.copy(EXAMPLE.resolve("META-INF/services").resolve(name), services.resolve(name));
    return new URLClassLoader(
        new URL[] {classes.toUri().toURL()}, EmbeddedTest.class.getClassLoader());
  }

  @Test
  void theExampleIsCompiledAndAnswers() throws Exception {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader loader = compiled()) {
      thread.setContextClassLoader(loader);
      Config settings =
          settings().withFallback(ConfigFactory.parseMap(Map.of("agent.workflows.file", file())));
      try (AgentRooms rooms =
          (AgentRooms)
              loader
                  .loadClass("OrderServer")
                  .getMethod("start", Config.class)
                  .invoke(null, settings)) {
        JsonNode order = run(rooms, "order", "{'sku':'tea'}");
        assertThat(order.path("result").path("text").asText()).isEqualTo("tea costs 4 euros");
        assertThat(order.path("steps").findValuesAsText("step"))
            .containsExactly(
                "intent_determined", "start_price", "price_progress", "price_done", "final_answer");
        assertThat(run(rooms, "order", "{'sku':'salt'}").path("error").asText())
            .isEqualTo("price failed: The tool failed: there is no salt");
        // The other tool comes from the class path.
        assertThat(run(rooms, "dollars", "{'euros':4}").at("/result/dollars").asDouble())
            .isEqualTo(5);
      }
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private static String file() throws Exception {
    Path file = classes.resolve("dollars.conf");
    Files.writeString(
        file,
        "workflows { dollars { steps = [{ name = c, tool = to_dollars, with { euros = \"{{input.euros}}\" } }] } }");
    return file.toString();
  }

  @Test
  void aCancelInterruptsATool() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    try (AgentRooms rooms =
        AgentRooms.builder()
            .config(settings())
            .tool(
                "hold",
                SCHEMA,
                (arguments, context) -> {
                  begun.countDown();
                  try {
                    new CountDownLatch(1).await();
                  } catch (InterruptedException e) {
                    interrupted.countDown();
                  }
                  return null;
                })
            .workflow("w", w -> w.match("hold").tool("hold"))
            .start()) {
      post(rooms, "run", "{'session_id':'s','question':'hold'}");
      assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
      assertThat(post(rooms, "cancel?wait=30", "{'session_id':'s'}")).isEqualTo(200);
      assertThat(interrupted.await(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  private int post(AgentRooms rooms, String path, String body) throws Exception {
    return http.send(
            HttpRequest.newBuilder(URI.create(rooms.agent() + "/api/agent/" + path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.replace('\'', '"')))
                .build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Bad name | {} | price | is no name
          rag_search | {} | rag_search | there is a tool of this name already
          price | { | price | its schema is no JSON
          price | {"type":"strin"} | price | its schema is no JSON Schema
          price | {} | other | there is no tool "other"
          """)
  void whatIsWrongStopsTheStart(String name, String schema, String called, String why)
      throws Exception {
    AgentRooms.Builder builder =
        AgentRooms.builder()
            .config(settings())
            .tool(JavaTool.of(name, schema, (arguments, context) -> null))
            .workflow("w", w -> w.tool(called));
    assertThatThrownBy(builder::start).isInstanceOf(BadSetting.class).hasMessageContaining(why);
  }
}
