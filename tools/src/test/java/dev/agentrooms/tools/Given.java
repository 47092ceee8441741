package dev.agentrooms.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.agentrooms.protocol.Json;
import java.io.File;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/// Fixtures of this module's tests.
public final class Given {

  static final String SESSION = "quiz1";
  static final ToolDefaults DEFAULTS =
      new ToolDefaults(Duration.ofSeconds(30), Duration.ofMillis(300));

  private static final String TRACEPARENT =
      "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  private Given() {}

  /// How often the expensive tests repeat their work; ten times as often with `./dev test
  /// -Pstress`.
  static int stress(int times) {
    return times * Integer.getInteger("stress.factor", 1);
  }

  /// A client that is replaced on request.
  static ToolClient client() {
    AtomicReference<HttpClient> present = new AtomicReference<>(ToolClient.newHttpClient());
    return new ToolClient(
        present::get,
        old -> {
          if (present.compareAndSet(old, ToolClient.newHttpClient())) {
            old.shutdown();
          }
        });
  }

  /// The tools of `reference.conf`.
  public static Tools builtIn(URI at) {
    Config config =
        ConfigFactory.parseMap(
                Map.of(
                    "agent.tools.rag.url", at.toString(),
                    "agent.tools.test-generator.url", at.toString()))
            .withFallback(ConfigFactory.parseFile(new File("../reference.conf")))
            .resolve();
    return Definitions.tools(config, "agent.tools.built-in", DEFAULTS);
  }

  /// The tool that this HOCON declares.
  static Tool tool(String declared) {
    Config config = ConfigFactory.parseString("tools { tool { " + declared + " } }").resolve();
    return Definitions.tools(config, "tools", DEFAULTS).get("tool");
  }

  /// A call of a built-in tool.
  static ToolCall call(Tool tool) {
    return call(tool, arguments(tool.name()), Scope.of(SESSION, "r-1", "Why?"));
  }

  static ToolCall call(Tool tool, JsonNode arguments, Scope scope) {
    return new ToolCall(tool, "r-1.retrieval.1", TRACEPARENT, arguments, scope);
  }

  static JsonNode read(String tool, byte[] body) {
    Tool.Answer wanted = builtIn(URI.create("http://127.0.0.1:1")).get(tool).answer();
    return ToolAnswer.read(wanted, 200, body);
  }

  static JsonNode arguments(String tool) {
    return json(
        switch (tool) {
          case "rag_search", "rag_answer" -> "{'query':'Почему? 🌱','top_k':5}";
          case "generate_exam" -> "{'topic':'Почему? 🌱','num_questions':5,'chunks':[]}";
          case "grade_exam" -> "{'exam_id':'Почему? 🌱','answers':{'q1':'b'}}";
          default -> throw new AssertionError(tool);
        });
  }

  /// A successful answer of a built-in tool.
  static JsonNode answer(String tool) {
    return json(
        switch (tool) {
          case "rag_search" ->
              "{'chunks':[{'id':'c1','text':'Plants make sugar.','source':'bio.md','score':0.9}]}";
          case "rag_answer" ->
              "{'answer':'Rayleigh scattering.','chunks':[{'id':'c1','text':'t','score':0.9}]}";
          case "generate_exam" ->
              """
              {'exam_id':'ex-1','title':'Photosynthesis','questions':[
               {'id':'q1','text':'What do plants make?','options':{'a':'Iron','b':'Sugar'}},
               {'id':'q2','text':'From what?','options':{'a':'Light','b':'Noise'}}]}
              """;
          case "grade_exam" ->
              """
              {'exam_id':'ex-1','score':1,'max_score':1,'items':[
               {'question_id':'q1','correct':true,'expected':'b','comment':'Right'}]}
              """;
          default -> throw new AssertionError(tool);
        });
  }

  static ToolResult.Succeeded success(String tool) {
    return new ToolResult.Succeeded(answer(tool));
  }

  /// JSON with single quotes.
  static JsonNode json(String text) {
    return Json.parse(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }
}
