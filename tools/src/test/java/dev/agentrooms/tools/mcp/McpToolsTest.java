package dev.agentrooms.tools.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.tools.Scope;
import dev.agentrooms.tools.Tool;
import dev.agentrooms.tools.ToolCall;
import dev.agentrooms.tools.ToolClient;
import dev.agentrooms.tools.ToolResult;
import dev.agentrooms.tools.ToolResult.Reason;
import dev.agentrooms.tools.Toolbox.Attempt;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// MCP servers over both transports: what is asked of them, and what their answers mean.
@Tag("wire")
class McpToolsTest {

  private static final Duration SHORT = Duration.ofMillis(300);

  @TempDir private Path folder;
  private final HttpClient http = ToolClient.newHttpClient();
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  private McpStub stub(boolean streams) throws Exception {
    McpStub stub = new McpStub(streams);
    open.add(stub);
    return stub;
  }

  private McpTools tools(McpServer server) {
    McpTools tools =
        McpTools.start(
            List.of(server),
            new ToolClient(() -> http, old -> {}),
            100_000,
            SHORT,
            new McpClient.BackOff(Duration.ofMillis(20), Duration.ofMillis(50)),
            (call, observer) -> {
              throw new AssertionError("no tool of an MCP server");
            });
    open.addFirst(tools);
    return tools;
  }

  private static McpServer at(URI url) {
    return server(url, List.of(), List.of(), null);
  }

  private static McpServer server(
      @Nullable URI url, List<String> command, List<String> allow, @Nullable List<String> approve) {
    return new McpServer(
        "crm",
        url,
        Map.of("Authorization", "Bearer secret"),
        command,
        Map.of("OF_THE_FILE", "1"),
        allow,
        approve,
        Duration.ofSeconds(30),
        new Tool.Retry(2, Duration.ofMillis(1), Duration.ofSeconds(1)));
  }

  private static Attempt attempt(McpTools tools, String name, String arguments) {
    JsonNode given = Json.parse(arguments.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    return tools.call(
        new ToolCall(
            tools.find("crm." + name).orElseThrow(),
            "r-1.history.1",
            "00-t",
            given,
            Scope.of("s", "r-1", "Why?")));
  }

  private static ToolResult call(McpTools tools, String name) throws Exception {
    return result(attempt(tools, name, "{'text':'Привет'}"));
  }

  private static ToolResult result(Attempt attempt) throws Exception {
    return attempt.ended().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  private static void await(BooleanSupplier fact) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!fact.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.sleep(2);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aCallFollowsTheHandshakeAndNamesVersionAndSession(boolean streams) throws Exception {
    McpStub stub = stub(streams);
    McpTools tools = tools(at(stub.uri()));
    assertThat(call(tools, "echo"))
        .isEqualTo(new ToolResult.Succeeded(Json.object().put("text", "Привет")));

    McpStub.Came first = stub.await("initialize");
    assertThat(first.message().at("/params/protocolVersion").asText()).isEqualTo("2025-11-25");
    assertThat(first.header("MCP-Protocol-Version")).isNull();
    assertThat(first.header("Accept")).isEqualTo("application/json, text/event-stream");
    assertThat(stub.await("notifications/initialized").header("Mcp-Session-Id")).isEqualTo("s0");
    McpStub.Came call = stub.await("tools/call");
    assertThat(call.header("Mcp-Session-Id")).isEqualTo("s0");
    assertThat(call.header("MCP-Protocol-Version")).isEqualTo("2025-06-18");
    assertThat(call.header("Authorization")).isEqualTo("Bearer secret");
    assertThat(call.header("Idempotency-Key")).isEqualTo("r-1.history.1");
    assertThat(call.message().at("/params/name").asText()).isEqualTo("echo");

    tools.close();
    assertThat(stub.await("DELETE").header("Mcp-Session-Id")).isEqualTo("s0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          text | Succeeded[output="plain"]
          json | Succeeded[output={"a":1}]
          picture | Succeeded[output={"content":[{"type":"image","data":"AA=="}]}]
          asks_first | Succeeded[output={"a":1}]
          resumes | Succeeded[output={"resumed":true}]
          fails | REMOTE_FAILED No luck
          error | REMOTE_FAILED Unknown tool
          status | HTTP_STATUS The MCP server answered 503.
          other_id | INVALID_ANSWER The MCP server's answer is not what it should be: it answers something else.
          html | INVALID_ANSWER The MCP server's answer is not what it should be: its content type is "text/html".
          """)
  void anAnswerHasItsMeaning(String tool, String meaning) throws Exception {
    McpStub stub = stub(false);
    ToolResult result = call(tools(at(stub.uri())), tool);
    assertThat(
            result instanceof ToolResult.Failed failed
                ? failed.reason() + " " + failed.detail()
                : "Succeeded[output=" + ((ToolResult.Succeeded) result).output() + "]")
        .isEqualTo(meaning);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"id":"ID","result":{"structuredContent":{}}} | INVALID_ANSWER it answers something else.
          {"id":ID.5,"result":{"structuredContent":{}}} | INVALID_ANSWER it answers something else.
          [] | INVALID_ANSWER it answers something else.
          {"id":ID} | INVALID_ANSWER it has no result.
          {"id":ID,"result":"done"} | INVALID_ANSWER it has no result.
          {"id":ID,"result":{}} | INVALID_ANSWER it has no content.
          {"id":ID,"result":{"content":"done"}} | INVALID_ANSWER it has no content.
          {"id":ID,"result":{"structuredContent":[1]}} | INVALID_ANSWER it has no content.
          {"id":ID,"result":{"content":[{"type":"text","text":5}]}} | INVALID_ANSWER a text in it is none.
          {"id":ID,"result":{"isError":"no","content":[]}} | INVALID_ANSWER its isError is neither true nor false.
          {"id":ID,"result":{"structuredContent":{}},"error":{"message":"No luck"}} | REMOTE_FAILED No luck
          {"id":ID,"error":"No luck"} | REMOTE_FAILED The MCP server failed.
          {"id":ID,"error":{"message":"Half \\ud83d"}} | REMOTE_FAILED Half \ufffd
          {"id":ID,"result":{"content":[5]}} | Succeeded {"content":[5]}
          {"id":ID,"result":{"isError":null,"structuredContent":{"a":1},"content":5}} | Succeeded {"a":1}
          [{"id":9999,"result":{}},{"id":ID,"result":{"structuredContent":{"a":1}}}] | Succeeded {"a":1}
          """)
  void anAnswerThatLiesIsNone(String answer, String meaning) throws Exception {
    McpStub stub = stub(false);
    stub.lies.put("lie", answer);
    assertThat(said(call(tools(at(stub.uri())), "lie"))).isEqualTo(meaning);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          redirect | HTTP_STATUS The MCP server answered 307.
          denied | HTTP_STATUS The MCP server answered 401.
          cut_off | CONNECTION_LOST The connection to the MCP server was lost.
          stream_cut_off | CONNECTION_LOST The connection to the MCP server was lost.
          huge_line | INVALID_ANSWER A line of the stream is too long.
          huge | ANSWER_TOO_LARGE The MCP server's answer is longer than 100000 bytes.
          two | Succeeded {"a":1}
          byte_by_byte | Succeeded {}
          other_session | Succeeded {"a":1}
          asks_for_ever | Succeeded {}
          """)
  void aServerThatMisbehavesFailsTheCallAndNoOther(String tool, String meaning) throws Exception {
    McpStub stub = stub(false);
    McpTools tools = tools(at(stub.uri()));
    assertThat(said(call(tools, tool))).isEqualTo(meaning);
    assertThat(call(tools, "echo")).isInstanceOf(ToolResult.Succeeded.class);
    assertThat(stub.count("initialize")).isEqualTo(1);
    assertThat(stub.answers()).hasSizeLessThanOrEqualTo(16);
  }

  @Test
  void whatIsShownOfAnAnswerIsShort() throws Exception {
    McpStub stub = stub(false);
    assertThat(said(call(tools(at(stub.uri())), "long_type"))).hasSizeLessThan(200);
    stub.version = "9".repeat(5000);
    McpTools other = tools(at(stub.uri()));
    assertThat(said(call(other, "echo"))).contains("999").hasSizeLessThan(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "é", "x\t"})
  void aSessionWhoseNameCannotBeSentBackIsNone(String session) throws Exception {
    McpStub stub = stub(true);
    stub.session = session;
    assertThat(said(call(tools(at(stub.uri())), "echo")))
        .isEqualTo("INVALID_ANSWER it names a session as none can be named.");
  }

  @Test
  void aServerWithoutAStreamOfItsOwnMayAnswerItWith404() throws Exception {
    McpStub stub = stub(true);
    stub.hasStream = false;
    McpTools tools = tools(at(stub.uri()));
    stub.await("GET");
    for (int i = 0; i < 20; i++) {
      assertThat(call(tools, "echo")).isInstanceOf(ToolResult.Succeeded.class);
    }
    assertThat(stub.count("initialize")).isEqualTo(1);
  }

  @Test
  void onlyToolsThatCanBeNamedAreListedAndOnlyTrueIsTrue() throws Exception {
    McpStub stub = stub(true);
    stub.tools =
        """
        [5, {"name":5}, {"name":"two words"}, {"name":""}, {"name":"%s"}, {"title":"None"},
         {"name":"ok","title":5,"description":{},"inputSchema":[],
          "annotations":{"readOnlyHint":"true","idempotentHint":1}}]
        """
            .formatted("x".repeat(129));
    McpTools tools = tools(at(stub.uri()));
    await(() -> !tools.all().isEmpty());
    assertThat(tools.all()).hasSize(1);
    Tool ok = tools.all().getFirst();
    assertThat(ok.name()).isEqualTo("crm.ok");
    assertThat(ok.approve()).isTrue();
    assertThat(ok.isRepeatable()).isFalse();
  }

  private static String said(ToolResult result) {
    return switch (result) {
      case ToolResult.Succeeded done -> "Succeeded " + done.output();
      case ToolResult.Failed failed ->
          failed.reason()
              + " "
              + failed.detail().replace("The MCP server's answer is not what it should be: ", "");
      default -> result.toString();
    };
  }

  @Test
  void whatTheServerAsksOfUsIsRefusedButAPing() throws Exception {
    McpStub stub = stub(true);
    call(tools(at(stub.uri())), "asks_first");
    await(() -> stub.answers().size() == 2);
    assertThat(stub.answers())
        .containsExactlyInAnyOrder(
            "{'jsonrpc':'2.0','id':'q1','error':{'code':-32601,'message':'Method not found'}}",
            "{'jsonrpc':'2.0','id':'q2','result':{}}");
  }

  @Test
  void theListSaysWhatAToolIsLike() throws Exception {
    McpStub stub = stub(true);
    McpTools tools = tools(server(stub.uri(), List.of(), List.of("e*", "drop_*"), null));
    await(() -> tools.all().size() == 2);
    Tool echo = tools.find("crm.echo").orElseThrow();
    assertThat(echo.title()).isEqualTo("Echo");
    assertThat(echo.description()).isEqualTo("Says it again");
    assertThat(echo.approve()).isFalse();
    assertThat(echo.isRepeatable()).isTrue();
    assertThat(echo.once()).isFalse();
    Tool drop = tools.find("crm.drop_all").orElseThrow();
    assertThat(drop.approve()).isTrue();
    assertThat(drop.once()).isTrue();
    assertThat(tools.find("crm.other")).isEmpty();
    assertThat(tools.find("other.echo")).isEmpty();

    ToolResult unfit = result(attempt(tools, "echo", "{'text':7}"));
    assertThat(((ToolResult.Failed) unfit).reason()).isEqualTo(Reason.INVALID_ARGUMENTS);
    assertThat(stub.count("tools/call")).isZero();
  }

  @Test
  void aPersonIsAskedBeforeTheToolsThatTheFileNames() throws Exception {
    McpStub stub = stub(true);
    McpTools tools = tools(server(stub.uri(), List.of(), List.of(), List.of("ec*")));
    assertThat(tools.find("crm.echo").orElseThrow().approve()).isTrue();
    assertThat(tools.find("crm.drop_all").orElseThrow().approve()).isFalse();
  }

  @Test
  void aChangedListIsReadAgain() throws Exception {
    McpStub stub = stub(true);
    McpTools tools = tools(at(stub.uri()));
    await(() -> tools.all().size() == 2);
    stub.await("GET");
    stub.tools = "[{\"name\":\"new\"}]";
    stub.push("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\"}");
    await(() -> tools.all().size() == 1);
    assertThat(tools.all().getFirst().name()).isEqualTo("crm.new");
  }

  @Test
  void aCancelIsANotificationWithTheIdOfTheRequest() throws Exception {
    McpStub stub = stub(true);
    McpTools tools = tools(at(stub.uri()));
    Attempt attempt = attempt(tools, "polite", "{}");
    McpStub.Came call = stub.await("tools/call");
    attempt.cancel();
    attempt.cancel();
    McpStub.Came cancelled = stub.await("notifications/cancelled");
    assertThat(cancelled.message().at("/params/requestId")).isEqualTo(call.message().get("id"));
    assertThat(cancelled.message().has("id")).isFalse();
    assertThat(cancelled.header("Mcp-Session-Id")).isEqualTo("s0");
    assertThat(result(attempt)).isEqualTo(new ToolResult.Stopped());
    assertThat(stub.count("notifications/cancelled")).isEqualTo(1);
  }

  @Test
  void aServerThatDoesNotLetGoOfACancelledCallIsGivenUp() throws Exception {
    McpStub stub = stub(true);
    McpTools tools = tools(at(stub.uri()));
    Attempt attempt = attempt(tools, "deaf", "{}");
    stub.await("tools/call");
    attempt.cancel();
    stub.await("notifications/cancelled");
    // The session names it before that.
    assertThat(attempt.ended().toCompletableFuture()).isNotDone();
    assertThat(result(attempt)).isEqualTo(new ToolResult.Stopped());
    assertThat(call(tools, "echo")).isInstanceOf(ToolResult.Succeeded.class);
  }

  @Test
  void aSessionThatTheServerHasForgottenBeginsAnew() throws Exception {
    McpStub stub = stub(true);
    McpTools tools = tools(at(stub.uri()));
    assertThat(call(tools, "echo")).isInstanceOf(ToolResult.Succeeded.class);
    stub.forget();
    assertThat(call(tools, "echo")).isInstanceOf(ToolResult.Succeeded.class);
    assertThat(stub.count("initialize")).isEqualTo(2);
  }

  @Test
  void aServerThatIsDownFailsACallAndIsFoundWhenItIsThere() throws Exception {
    McpStub gone = new McpStub(true);
    int port = gone.port();
    URI url = gone.uri();
    gone.close();
    McpTools tools = tools(at(url));
    assertThat(((ToolResult.Failed) call(tools, "echo")).reason())
        .isEqualTo(Reason.CONNECTION_REFUSED);
    open.add(new McpStub(true, port));
    await(() -> tools.all().size() == 2);
    assertThat(call(tools, "echo")).isInstanceOf(ToolResult.Succeeded.class);
  }

  @Test
  void aVersionThatWeDoNotSpeakIsRefused() throws Exception {
    McpStub stub = stub(true);
    stub.version = "1999-01-01";
    ToolResult result = call(tools(at(stub.uri())), "echo");
    assertThat(((ToolResult.Failed) result).detail()).contains("\"1999-01-01\"");
  }

  private McpTools process(Path heard) {
    return tools(
        server(
            null,
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                StdioStub.class.getName(),
                heard.toString()),
            List.of(),
            List.of()));
  }

  @Test
  void aProcessIsAServerToo() throws Exception {
    Path heard = folder.resolve("heard");
    McpTools tools = process(heard);
    assertThat(call(tools, "echo"))
        .isEqualTo(new ToolResult.Succeeded(Json.object().put("text", "Привет")));
    ToolResult environment = call(tools, "environment");
    List<String> names =
        List.of(((ToolResult.Succeeded) environment).output().path("names").asText().split(" "));
    assertThat(names).contains("OF_THE_FILE");
    assertThat(
            List.of(
                "HOME",
                "LANG",
                "LC_ALL",
                "LOGNAME",
                "PATH",
                "SHELL",
                "TERM",
                "TMPDIR",
                "USER",
                "OF_THE_FILE"))
        .containsAll(names);

    Attempt attempt = attempt(tools, "never", "{}");
    await(() -> read(heard).contains("\"never\""));
    attempt.cancel();
    assertThat(result(attempt)).isEqualTo(new ToolResult.Stopped());
    await(() -> read(heard).contains("notifications/cancelled"));
    assertThat(read(heard)).contains("\"requestId\":5");
  }

  @Test
  void aProcessThatEndsIsStartedAgain() throws Exception {
    Path heard = folder.resolve("heard");
    McpTools tools = process(heard);
    ToolResult result = call(tools, "die");
    assertThat(((ToolResult.Failed) result).detail())
        .isEqualTo("The MCP server's process ended with the code 3.");
    await(
        () -> {
          try {
            return call(tools, "echo") instanceof ToolResult.Succeeded;
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        });
    assertThat(read(heard).lines().filter(line -> line.contains("\"initialize\""))).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"deep", "deep_id_last", "no_utf8"})
  void anAnswerThatCannotBeReadEndsItsCallAndNoOther(String tool) throws Exception {
    McpTools tools = process(folder.resolve("heard"));
    assertThat(call(tools, tool))
        .isInstanceOfSatisfying(
            ToolResult.Failed.class,
            failed -> assertThat(failed.reason()).isEqualTo(Reason.INVALID_ANSWER));
    assertThat(call(tools, "asks_deep")).isInstanceOf(ToolResult.Succeeded.class);
  }

  @Test
  void whatAProcessWroteBeforeItEndedIsHeard() throws Exception {
    McpTools tools = process(folder.resolve("heard"));
    assertThat(call(tools, "last")).isInstanceOf(ToolResult.Succeeded.class);
  }

  @Test
  void aProcessThatSaysNothingAnyMoreIsEnded() throws Exception {
    McpTools tools = process(folder.resolve("heard"));
    assertThat(((ToolResult.Failed) call(tools, "mute")).reason())
        .isEqualTo(Reason.CONNECTION_LOST);
  }

  @Test
  void nothingIsLeftOfAProcessAndOfThoseThatItHasStarted() throws Exception {
    McpTools tools = process(folder.resolve("heard"));
    List<Long> pids = new ArrayList<>();
    ((ToolResult.Succeeded) call(tools, "child"))
        .output()
        .path("pids")
        .forEach(pid -> pids.add(pid.asLong()));
    assertThat(pids).hasSize(2).allMatch(pid -> isAlive(pid));
    tools.close();
    assertThat(pids).noneMatch(pid -> isAlive(pid));
  }

  private static boolean isAlive(long pid) {
    return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
  }

  @Test
  void aServerThatKeepsSayingThatItsListHasChangedIsNotAskedEachTime() throws Exception {
    Path heard = folder.resolve("heard");
    McpTools tools = process(heard);
    assertThat(call(tools, "changes")).isInstanceOf(ToolResult.Succeeded.class);
    await(() -> lists(heard) > 1);
    assertThat(call(tools, "echo")).isInstanceOf(ToolResult.Succeeded.class);
    assertThat(lists(heard)).isLessThan(10);
  }

  private static long lists(Path heard) {
    return read(heard).lines().filter(line -> line.contains("\"tools/list\"")).count();
  }

  @Test
  void aServerIsMissedUntilItHasListedItsTools() throws Exception {
    McpStub stub = stub(true);
    McpTools tools = tools(at(stub.uri()));
    await(() -> tools.missing(List.of("crm.*")) == null);
    await(tools::isSettled);
    McpTools none = tools(server(null, List.of("no-such-program-here"), List.of(), null));
    await(none::isSettled);
    ToolResult.Failed missing = Objects.requireNonNull(none.missing(List.of("crm.find_*")));
    assertThat(missing.reason()).isEqualTo(Reason.CONNECTION_REFUSED);
    assertThat(missing.detail()).startsWith("crm has no tools yet: ");
    assertThat(none.missing(List.of("other.*", "crmx"))).isNull();
  }

  @Test
  void aProgramThatDoesNotExistFailsTheCall() throws Exception {
    McpTools tools = tools(server(null, List.of("no-such-program-here"), List.of(), null));
    assertThat(((ToolResult.Failed) call(tools, "echo")).reason())
        .isEqualTo(Reason.CONNECTION_REFUSED);
  }

  private static String read(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
