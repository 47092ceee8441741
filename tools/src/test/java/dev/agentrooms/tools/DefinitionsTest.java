package dev.agentrooms.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class DefinitionsTest {

  private static final Tools BUILT_IN =
      Tools.NONE.and(List.of(named("rag_search"), named("rag_answer")));

  @TempDir private Path folder;

  @Test
  void aFileDeclaresToolsAndWorkflows() {
    Definitions all =
        read(
            """
            tools {
              fetch_ticket {
                http { method = GET, url = "https://desk.example.org/api/tickets/{{input.ticket}}",
                       headers { Authorization = "Bearer "${?NO_SUCH_TOKEN} } }
                result = "ticket", timeout = 5s, retry { attempts = 3, delay = 500ms }
              }
              send_reply {
                title = "Send the reply", description = "Sends the reply to the customer"
                parameters { type = object, required = [text], properties { text { type = string } } }
                http { method = POST, url = "https://desk.example.org/api/tickets/{{input.ticket}}/replies",
                       body { text = "{{arguments.text}}" } }
                answer = text, idempotent = true, shown = [text]
              }
            }
            workflows {
              ticket {
                description = "Answers a support ticket"
                match = ["(?i)\\\\bticket\\\\s+#?\\\\d+"]
                input { type = object, required = [ticket] }
                steps = [
                  { name = fetch,  tool = fetch_ticket }
                  { name = search, tool = rag_search, with { query = "{{steps.fetch.subject}}", top_k = 3 }, on_error = continue }
                  { name = send,   tool = send_reply, title = "Reply", with { text = "{{steps.search?}}" }, when = "steps.fetch.kind == bug" }
                ]
                result { sent = "{{steps.send?}}" }
              }
            }
            """);
    assertThat(all.tools().names())
        .containsExactly("rag_search", "rag_answer", "fetch_ticket", "send_reply");
    Tool fetch = all.tools().get("fetch_ticket");
    assertThat(fetch.title()).isEqualTo("Fetch ticket");
    assertThat(fetch.timeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(fetch.retry())
        .isEqualTo(new Tool.Retry(3, Duration.ofMillis(500), Duration.ofSeconds(30)));
    assertThat(fetch.answer()).isEqualTo(new Tool.Answer(false, null, List.of("ticket")));
    assertThat(fetch.isRepeatable()).isTrue();
    Tool send = all.tools().get("send_reply");
    assertThat(send.title()).isEqualTo("Send the reply");
    assertThat(send.answer().isText()).isTrue();
    assertThat(send.isRepeatable()).isTrue();
    assertThat(send.timeout()).isEqualTo(Given.DEFAULTS.timeout());

    Workflow ticket = all.workflow("ticket").orElseThrow();
    assertThat(ticket.isFor("Answer ticket 4711")).isTrue();
    assertThat(ticket.isFor("Answer this")).isFalse();
    assertThat(ticket.tools()).containsExactly("fetch_ticket", "rag_search", "send_reply");
    assertThat(ticket.steps()).extracting(Step::name).containsExactly("fetch", "search", "send");
    assertThat(ticket.step("search").orElseThrow().onError()).isEqualTo(Step.OnError.CONTINUE);
    assertThat(ticket.step("send").orElseThrow().title()).isEqualTo("Reply");
    assertThat(ticket.input()).isNotNull();
  }

  @Test
  void aCallIsRepeatedAfterACrashOnlyWhereThatIsHarmless() {
    Definitions all =
        read(
            """
            tools {
              look { http { method = GET, url = "http://127.0.0.1:1/" } }
              write { http { method = PUT, url = "http://127.0.0.1:1/" } }
              order { http { method = POST, url = "http://127.0.0.1:1/" } }
              search { http { method = POST, url = "http://127.0.0.1:1/" }, idempotent = true }
            }
            """);
    assertThat(all.tools().all())
        .filteredOn(Tool::once)
        .extracting(Tool::name)
        .containsExactly("order");
    assertThat(Given.builtIn(java.net.URI.create("http://127.0.0.1:1")).all())
        .noneMatch(Tool::once);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "other = 1 | other: is not known; there may be: tools, mcp, workflows",
        "mcp = 5 | mcp: must be an object",
        "mcp { a = 5 } | mcp.a: must be an object",
        "mcp { A { url = \"http://h/\" } } | mcp.A: \"A\" is no name",
        "mcp { remote { url = \"http://h/\" } } | mcp.remote: is what agents elsewhere are called by",
        "mcp { a { url = x } } | mcp.a.url: must be an http or https URL",
        "mcp { a { url = \"http://h/{{question}}\" } } | mcp.a.url: cannot have a value of a run in it",
        "mcp { a {} } | mcp.a: must have exactly one of url, command",
        "mcp { a { url = \"http://h/\", command = [x] } } | mcp.a: must have exactly one of url, command",
        "mcp { a { command = x } } | mcp.a.command: must be a list",
        "mcp { a { command = [] } } | mcp.a.command: must be a list: a program, and its arguments",
        "mcp { a { command = [x], headers {} } } | mcp.a.headers: is not known; there may be: url, command, env, allow, approve, timeout",
        "mcp { a { url = \"http://h/\", headers { X = \"{{question}}\" } } } | mcp.a.headers.X: cannot have a value of a run in it",
        "mcp { a { url = \"http://h/\", timeout = soon } } | mcp.a.timeout: must be a duration",
        "mcp { a { url = \"http://h/\", allow = [\"find_*\"] } }, workflows { w { steps = [{ name = s, tool = a.drop }] } } | workflows.w.steps[0].tool: there is no tool \"a.drop\"",
        "tools = 5 | tools: must be an object",
        "tools { a = 5 } | tools.a: must be an object",
        "tools { A { $GET } } | tools.A: \"A\" is no name",
        "tools { rag_search { $GET } } | tools.rag_search: there is a tool of this name already",
        "tools { a {} } | tools.a.http: is missing",
        "tools { a { http { url = \"http://h/\" } } } | tools.a.http.method: is missing, and must be one of [GET",
        "tools { a { http { method = get, url = \"http://h/\" } } } | tools.a.http.method: must be one of [GET",
        "tools { a { http { method = GET } } } | tools.a.http.url: is missing",
        "tools { a { http { method = GET, url = \"desk/x\" } } } | tools.a.http.url: must be an http or https URL",
        "tools { a { http { method = GET, url = \"http://{{input.h}}/\" } } } | tools.a.http.url: has a value before its path",
        "tools { a { http { method = GET, url = \"http://h/{{x}}\" } } } | tools.a.http: {{x}} names nothing; a path begins with arguments, input",
        "tools { a { http { method = GET, url = \"http://h/{{question.x}}\" } } } | tools.a.http: {{question.x}} names nothing; question is a text",
        "tools { a { http { method = GET, url = \"http://h/\", body { a = 1 } } } } | tools.a.http.body: cannot be sent with GET",
        "tools { a { http { method = GET, url = \"http://h/\", headers { Host = x } } } } | tools.a.http.headers.Host: is no header",
        "tools { a { http { method = GET, url = \"http://h/\", headers { X-Run-Id = x } } } } | tools.a.http.headers.X-Run-Id: is a header that every call has",
        "tools { a { http { method = GET, url = \"http://h/\", headers { \"a b\" = x } } } } | headers.a b: is no header",
        "tools { a { http { method = GET, url = \"http://h/\", headers { X = \"{{\" } } } } | tools.a.http.headers.X: \"{{\" has no",
        "tools { a { http { method = GET, url = \"http://h/\", headers { X = \"s3\\ncret\" } } } } | tools.a.http.headers.X: has characters that a header cannot have",
        "tools { a { $GET, tiemout = 5s } } | tools.a.tiemout: is not known; there may be: title, description, http, parameters, answer, result, timeout",
        "tools { a { $GET, timeout = soon } } | tools.a.timeout: must be a duration",
        "tools { a { $GET, timeout = 0s } } | tools.a.timeout: must be a duration",
        "tools { a { $GET, timeout = 3 days } } | tools.a.timeout: must be a duration",
        "tools { a { $GET, retry { attempts = 0 } } } | tools.a.retry.attempts: must be a whole number from 1 to 10",
        "tools { a { $GET, retry { attempts = 1.5 } } } | tools.a.retry.attempts: must be a whole number",
        "tools { a { $GET, retry = 3 } } | tools.a.retry: must be an object",
        "tools { a { $GET, idempotent = yep } } | tools.a.idempotent: must be true or false",
        "tools { a { $GET, edit = true } } | tools.a.edit: needs approve = true",
        "tools { a { $GET, parameters { type = strin } } } | tools.a.parameters: is no JSON Schema: type",
        "tools { a { $GET, parameters { requird = [x] } } } | tools.a.parameters: /requird is no keyword",
        "tools { a { $GET, answer { \"$ref\" = \"http://127.0.0.1:1/x\" } } } | tools.a.answer: /$ref must point into the schema itself",
        "tools { a { $GET, answer = json } } | tools.a.answer: must be text, or a JSON Schema",
        "tools { a { $GET, answer = text, result = x } } | tools.a.result: cannot be a part",
        "tools { a { $GET, result = \"a..b\" } } | tools.a.result: \"a..b\" is no path",
        "tools { a { $GET, title = \"\" } } | tools.a.title: must have 1 to 100 characters",
        "tools { a { $GET, shown = x } } | tools.a.shown: must be a list",
        "workflows { answer { $STEPS } } | workflows.answer: is the name of a workflow that is built in",
        "workflows { W { $STEPS } } | workflows.W: \"W\" is no name",
        "workflows { w {} } | workflows.w.steps: must be a list of 1 to 64 steps",
        "workflows { w { steps = [] } } | workflows.w.steps: must be a list of 1 to 64 steps",
        "workflows { w { $STEPS, speed = 1 } } | workflows.w.speed: is not known; there may be: description, match, input, remote, steps, result",
        "workflows { w { $STEPS, match = [\"(\"] } } | workflows.w.match: is no regular expression",
        "workflows { w { $STEPS, input = 5 } } | workflows.w.input: is no JSON Schema",
        "workflows { w { remote {} } } | workflows.w.remote.url: is missing, and must be the agent's http or https URL",
        "workflows { w { remote = 5 } } | workflows.w.remote: must be an object",
        "workflows { w { $STEPS, remote { url = \"http://h/\" } } } | workflows.w.remote: cannot stand beside steps",
        "workflows { w { remote { url = \"ftp://h/\" } } } | workflows.w.remote.url: must be an http or https URL",
        "workflows { w { remote { url = \"http://h/\", protocol = soap } } } | workflows.w.remote.protocol: must be one of ag-ui, ndjson",
        "workflows { w { remote { url = \"http://h/\", on_crash = pray } } } | workflows.w.remote.on_crash: must be one of fail, retry",
        "workflows { w { remote { url = \"http://h/\", speed = 1 } } } | workflows.w.remote.speed: is not known; there may be: url, protocol, on_crash, timeout, headers",
        "workflows { w { remote { url = \"http://h/\", headers { Idempotency-Key = x } } } } | workflows.w.remote.headers.Idempotency-Key: is a header that every call has already",
        "workflows { w { steps = [{ name = a, remote { url = \"http://h/{{steps.b}}\" } }] } } | workflows.w.steps[0].remote: {{steps.b}} names no step before it",
        "workflows { w { $STEPS, result { x = \"{{steps.b}}\" } } } | workflows.w.result: {{steps.b}} names no step before it; there are: a",
        "workflows { w { $STEPS, result { x = \"{{arguments.b}}\" } } } | workflows.w.result: {{arguments.b}} names nothing",
        "workflows { w { steps = [5] } } | workflows.w.steps[0]: must be an object",
        "workflows { w { steps = [{ tool = rag_search }] } } | workflows.w.steps[0].name: is missing",
        "workflows { w { steps = [{ name = \"a-b\", tool = rag_search }] } } | workflows.w.steps[0].name: \"a-b\" is no name",
        "workflows { w { steps = [{ name = a }] } } | workflows.w.steps[0]: must have exactly one of tool, model, ask, agent, remote",
        "workflows { w { steps = [{ name = a, tool = rag_search, ask {} }] } } | workflows.w.steps[0]: must have exactly one of",
        "workflows { w { steps = [{ name = a, model {} }] } } | workflows.w.steps[0].model.prompt: is missing, and must be what the model is asked",
        "workflows { w { steps = [{ name = a, model { prompt = hi, prmpt = x } }] } } | workflows.w.steps[0].model.prmpt: is not known",
        "workflows { w { steps = [{ name = a, model { prompt = \"{{steps.b}}\" } }] } } | workflows.w.steps[0].model.prompt: {{steps.b}} names no step before it",
        "workflows { w { steps = [{ name = a, model { prompt = hi, system = \"{{arguments.x}}\" } }] } } | workflows.w.steps[0].model.system: {{arguments.x}} names nothing",
        "workflows { w { steps = [{ name = a, model { prompt = hi, schema { type = x } } }] } } | workflows.w.steps[0].model.schema: is no JSON Schema",
        "workflows { w { steps = [{ name = a, model { prompt = hi, stream = true, schema { type = object } } }] } } | workflows.w.steps[0].model.stream: is not possible with a schema",
        "tools { model { $GET } } | tools.model: is what the model is called among the tools",
        "workflows { w { steps = [{ name = a, ask {} }] } } | workflows.w.steps[0].ask.prompt: is missing, and must be what the person is asked",
        "workflows { w { steps = [{ name = a, agent {} }] } } | workflows.w.steps[0].agent.prompt: is missing, and must be what the model is to do",
        "workflows { w { steps = [{ name = a, agent { prompt = hi, tools = [nope] } }] } } | workflows.w.steps[0].agent.tools: there is no tool \"nope\"",
        "workflows { w { steps = [{ name = a, agent { prompt = hi, max_turns = 0 } }] } } | workflows.w.steps[0].agent.max_turns: must be a whole number from 1 to 100",
        "workflows { w { steps = [{ name = a, agent { prompt = hi, max_calls = 2 } }] } } | workflows.w.steps[0].agent.max_calls: is not known",
        "workflows { w { steps = [{ name = a, tool = nope }] } } | workflows.w.steps[0].tool: there is no tool \"nope\"; there are: rag_search, rag_answer",
        "workflows { w { steps = [{ name = a, tool = rag_search, wiht {} }] } } | workflows.w.steps[0].wiht: is not known; there may be: name, title, when, on_error, tool, model, ask, agent, remote, with",
        "workflows { w { steps = [{ name = a, tool = rag_search, with = 5 }] } } | workflows.w.steps[0].with: must be an object",
        "workflows { w { steps = [{ name = a, tool = rag_search, with { q = \"{{steps.a}}\" } }] } } | workflows.w.steps[0].with: {{steps.a}} names no step before it; there are none",
        "workflows { w { steps = [{ name = a, tool = rag_search, with { q = \"{{question\" } }] } } | workflows.w.steps[0].with: \"{{\" has no",
        "workflows { w { steps = [{ name = a, tool = rag_search, on_error = retry }] } } | workflows.w.steps[0].on_error: must be one of fail, continue",
        "workflows { w { steps = [{ name = a, tool = rag_search, when = \"1 > 2\" }] } } | workflows.w.steps[0].when: must be a path, or",
        "workflows { w { steps = [{ name = a, tool = rag_search, when = \"steps.b\" }] } } | workflows.w.steps[0].when: {{steps.b}} names no step before it",
        "workflows { w { steps = [{ name = a, tool = rag_search }, { name = a, tool = rag_search }] } } | workflows.w.steps[1].name: there is a step \"a\" before",
        "tools { b { http { method = GET, url = \"http://h/{{steps.z.id}}\" } } }, workflows { w { steps = [{ name = a, tool = b }] } } | workflows.w.steps[0].tool: the tool's {{steps.z.id}} names no step",
      })
  void aMistakeIsOneLineWithFileLineAndPath(String declared, String said) throws IOException {
    List<Mistake> mistakes = mistakes("\n\n" + declared);
    assertThat(mistakes).hasSize(1);
    assertThat(mistakes.getFirst().line())
        .startsWith(folder.resolve("my.conf") + ":3: ")
        .contains(said)
        .doesNotContain("\n", "xception", "java.", "com.");
  }

  @Test
  void everyMistakeHasItsLine() throws IOException {
    List<Mistake> mistakes =
        mistakes(
            """
            tools {
              a { $GET, x = 1 }
              b { $GET }
              c { $GET, y = 1 }
            }
            workflows {
              v { $STEPS, z = 1 }
              w {
                steps = [
                  { name = s, tool = a }
                  { name = t, tool = nope }
                  { name = u, tool = b, when = "steps.t.x" }
                  { name = s, tool = c }
                ]
              }
            }
            """);
    assertThat(mistakes)
        .extracting(mistake -> mistake.line().replaceAll(".*conf:(\\d+): ([^:]+):.*", "$1 $2"))
        .containsExactly(
            "2 tools.a.x",
            "4 tools.c.y",
            "7 workflows.v.z",
            "11 workflows.w.steps[1].tool",
            "13 workflows.w.steps[3].name");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tools {",
        "tools } {",
        "a = ${no.such}",
        "[1, 2]",
        "a : : b",
        "include required(\"no\")"
      })
  void whatIsNoHoconIsOneLineToo(String text) throws IOException {
    List<Mistake> mistakes = mistakes(text);
    assertThat(mistakes).hasSize(1);
    assertThat(mistakes.getFirst().line()).contains("my.conf").doesNotContain("\n");
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 200_000})
  void aFileThatIsNestedTooDeepIsAMistake(int depth) throws IOException {
    assertThat(mistakes("a = " + "[".repeat(depth) + "]".repeat(depth)).getFirst().line())
        .contains("nested more than 100 deep");
  }

  @Test
  void aFileThatIsNotThereIsAMistake() {
    for (Path wrong : List.of(folder, folder.resolve("none.conf"))) {
      assertThatExceptionOfType(BadDefinitions.class)
          .isThrownBy(() -> Definitions.read(wrong, BUILT_IN, Set.of(), Given.DEFAULTS))
          .withMessageStartingWith(wrong + ": ");
    }
  }

  @Test
  void aResultHasItsMembersInTheOrderOfTheirLines() {
    Workflow workflow =
        read("""
                workflows { w {
                  steps = [{ name = a, tool = rag_search }]
                  result {
                    zebra = "{{question}}"
                    ant = 1
                    moth { z = 1, a = 2 }
                  }
                } }
                """)
            .workflows()
            .getFirst();
    Scope done = new Scope("s", "r", "Why?", null, java.util.Map.of("a", Given.json("1")));
    assertThat(((NextStep.Finish) WorkflowSteps.next(workflow, done)).result())
        .hasToString("{\"zebra\":\"Why?\",\"ant\":1,\"moth\":{\"a\":2,\"z\":1}}");
  }

  @Test
  void anEmptyFileDeclaresNothing() {
    assertThat(read("")).isEqualTo(new Definitions(BUILT_IN, List.of()));
  }

  @Test
  void aWorkflowHasBoundedNumbersOfStepsAndTools() throws IOException {
    StringBuilder tools = new StringBuilder("tools {\n");
    StringBuilder steps = new StringBuilder("workflows { w { steps = [\n");
    for (int i = 0; i < 65; i++) {
      tools.append("t").append(i).append(" { $GET }\n");
      steps.append("{ name = s").append(i).append(", tool = t").append(i).append(" }\n");
    }
    assertThat(mistakes(tools + "}\n" + steps + "] } }").getFirst().line())
        .contains("steps: must be a list of 1 to 64 steps");
    String fewer = (tools + "}\n" + steps + "] } }").replaceAll("(?m)^\\{ name = s64.*\n", "");
    assertThat(mistakes(fewer).getFirst().line()).contains("steps: must call 32 tools at most");
  }

  @Test
  void whatAPatternStandsForIsCounted() throws IOException {
    StringBuilder tools = new StringBuilder("tools {\n");
    for (int i = 0; i < 33; i++) {
      tools.append("t").append(i).append(" { http { method = GET, url = \"http://h\" } }\n");
    }
    String offers =
        tools
            + "}\nmcp { crm { url = \"http://h\" } }\n"
            + "workflows { w { steps = [{ name = s, agent { prompt = p, tools = [%s] } }] } }";
    assertThat(mistakes(offers.formatted("\"t*\"")).getFirst().line())
        .contains("steps: must call 32 tools at most");
    assertThat(read(offers.formatted("\"t1*\", t1, \"rag_*\", \"crm.*\"")).workflows()).hasSize(1);
  }

  private Definitions read(String text) {
    try {
      Path file = folder.resolve("my.conf");
      Files.writeString(file, text);
      return Definitions.read(
          file, BUILT_IN, Set.of("answer", "create_quiz", "evaluate"), Given.DEFAULTS);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private List<Mistake> mistakes(String text) throws IOException {
    String whole =
        text.replace("$GET", "http { method = GET, url = \"http://h/\" }")
            .replace("$STEPS", "steps = [{ name = a, tool = rag_search }]");
    return catchThrowableOfType(BadDefinitions.class, () -> read(whole)).mistakes();
  }

  private static Tool named(String name) {
    Tool tool = Given.tool("http { method = POST, url = \"http://h/\" }");
    return new Tool(
        name,
        name,
        null,
        tool.http(),
        null,
        tool.answer(),
        tool.timeout(),
        tool.retry(),
        false,
        false,
        List.of(),
        false,
        false);
  }
}
