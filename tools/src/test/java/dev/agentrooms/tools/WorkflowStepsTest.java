package dev.agentrooms.tools;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("unit")
class WorkflowStepsTest {

  private static final String TOOLS =
      "tools { t { http { method = POST, url = \"http://h/\" } } }\n";

  @TempDir private Path folder;
  private Map<String, JsonNode> given;

  @BeforeEach
  void begin() {
    given = new HashMap<>();
  }

  @Test
  void oneStepFollowsTheOtherAndTheResultThemAll() {
    Workflow workflow =
        workflow(
            """
            steps = [
              { name = fetch, tool = t, with { id = "{{input.ticket}}", q = "{{question}}" } }
              { name = send,  tool = t, with { text = "For {{steps.fetch.name}}" } }
            ]
            result { sent = "{{steps.send}}", to = "{{steps.fetch.name}}" }
            """);
    assertThat(next(workflow))
        .isEqualTo(
            new NextStep.Call(workflow.steps().get(0), "t", Given.json("{'id':4711,'q':'Why?'}")));
    give("fetch", "{'name':'Ann'}");
    assertThat(next(workflow))
        .isEqualTo(
            new NextStep.Call(workflow.steps().get(1), "t", Given.json("{'text':'For Ann'}")));
    give("send", "true");
    assertThat(next(workflow))
        .isEqualTo(new NextStep.Finish(Given.json("{'sent':true,'to':'Ann'}")));
  }

  @Test
  void withoutAResultItIsWhatTheLastStepGave() {
    Workflow workflow = workflow("steps = [{ name = a, tool = t }, { name = b, tool = t }]");
    assertThat(((NextStep.Call) next(workflow)).arguments()).isEqualTo(Given.json("{}"));
    give("a", "1");
    give("b", "{'x':2}");
    assertThat(next(workflow)).isEqualTo(new NextStep.Finish(Given.json("{'x':2}")));
  }

  @Test
  void aStepThatIsNotNeededIsSkippedAndGivesNull() {
    Workflow workflow =
        workflow(
            """
            steps = [
              { name = a, tool = t }
              { name = b, tool = t, when = "steps.a.kind == bug" }
              { name = c, tool = t, with { b = "{{steps.b?}}", x = "{{steps.b.x?}}" } }
            ]
            """);
    give("a", "{'kind':'other'}");
    assertThat(next(workflow)).isEqualTo(new NextStep.Skip(workflow.steps().get(1)));
    give("b", "null");
    assertThat(((NextStep.Call) next(workflow)).arguments())
        .isEqualTo(Given.json("{'b':null,'x':null}"));
  }

  @Test
  void aMissingValueFailsItsStep() {
    Workflow workflow =
        workflow("steps = [{ name = a, tool = t, with { x = \"{{input.none}}\" } }]");
    assertThat(next(workflow))
        .isEqualTo(
            new NextStep.Fail(
                workflow.steps().getFirst(),
                ToolResult.Reason.TEMPLATE,
                "{{input.none}} has no value."));
  }

  @Test
  void aResultThatCannotBeMadeFailsTheRun() {
    Workflow workflow =
        workflow("steps = [{ name = a, tool = t }], result { x = \"{{steps.a.x}}\" }");
    give("a", "null");
    assertThat(next(workflow)).isInstanceOf(NextStep.Fail.class);
    assertThat(((NextStep.Fail) next(workflow)).step()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "steps.a.kind                | true",
        "steps.a.yes                 | true",
        "steps.a.no                  | false",
        "steps.a.none                | false",
        "steps.a.nothing             | false",
        "steps.a.nothing.at.all      | false",
        "steps.a.zero                | true",
        "steps.a.list.0              | true",
        "steps.a.list.1              | false",
        "steps.a.kind == bug         | true",
        "steps.a.kind==bug           | true",
        "steps.a.kind == \"bug\"     | true",
        "steps.a.kind == \"a bug\"   | false",
        "steps.a.two words == two words | false",
        "steps.a.words == two words  | true",
        "steps.a.kind != bug         | false",
        "steps.a.kind != billing     | true",
        "steps.a.zero == 0           | true",
        "steps.a.zero == 0.0         | true",
        "steps.a.zero == \"0\"       | false",
        "steps.a.big == 1e400        | true",
        "steps.a.no == false         | true",
        "steps.a.nothing == null     | true",
        "steps.a.none == null        | true",
        "steps.a.kind == null        | false",
        "steps.a.kind != null        | true",
        "question == Why?            | true",
        "input.ticket != 4711        | false",
      })
  void whenComparesAValueWithALiteral(String condition, boolean holds) {
    if (condition.startsWith("steps.a.two words")) {
      assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> Condition.parse(condition)))
          .isInstanceOf(TemplateError.class);
      return;
    }
    give(
        "a",
        "{'kind':'bug','yes':true,'no':false,'none':null,'zero':0,'list':[1],'words':'two words',"
            + "'big':1e400}");
    assertThat(Condition.parse(condition).holds(scope())).isEqualTo(holds);
  }

  @ParameterizedTest
  @CsvSource({"steps.a ==", "== 5", "a > 5", "a == [1]", "a == {}", "a == \"x", "a b", "a && b"})
  void thereIsNoOtherCondition(String condition) {
    assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> Condition.parse(condition)))
        .isInstanceOf(TemplateError.class);
  }

  private void give(String step, String json) {
    given.put(step, Given.json(json));
  }

  private NextStep next(Workflow workflow) {
    return WorkflowSteps.next(workflow, scope());
  }

  private Scope scope() {
    return new Scope("s1", "r-1", "Why?", Given.json("{'ticket':4711}"), given);
  }

  private Workflow workflow(String declared) {
    try {
      Path file = folder.resolve("my.conf");
      Files.writeString(file, TOOLS + "workflows { w { " + declared + " } }");
      return Definitions.read(file, Tools.NONE, Set.of(), Given.DEFAULTS).workflows().getFirst();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
