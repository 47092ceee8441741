package dev.agentrooms.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.protocol.Json;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class TemplateTest {

  private static final JsonNode VALUES =
      new Scope(
              "s1",
              "r-1",
              "Why?",
              Given.json(
                  """
                  {'ticket':4711,'price':1.50,'big':1e400,'urgent':false,'name':'Ann \\"A\\" {{question}}',
                   'none':null,'empty':'','list':[{'id':'x'},[7]],'path':'a/b?c=d&e#f','dots':'..',
                   'dot':'.','umlaut':'ä🌱','lines':'a\\r\\nX-Evil: 1','half':'\\ud800','of-it':1}
                  """),
              Map.of("fetch", Given.json("{'from':'a@b'}"), "skipped", Given.json("null")))
          .values(Given.json("{'text':'hi'}"));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "plain                          | \"plain\"",
        "``                             | \"\"",
        "{{input.ticket}}               | 4711",
        "{{ input.ticket }}             | 4711",
        "#{{input.ticket}}              | \"#4711\"",
        "{{input.price}}                | 1.50",
        "costs {{input.price}}          | \"costs 1.50\"",
        "{{input.urgent}}               | false",
        "is {{input.urgent}}            | \"is false\"",
        "{{input.list}}                 | [{\"id\":\"x\"},[7]]",
        "{{input.list.0.id}}            | \"x\"",
        "{{input.list.1.0}}             | 7",
        "all: {{input.list}}            | \"all: [{\\\"id\\\":\\\"x\\\"},[7]]\"",
        "{{question}}/{{session_id}}/{{run_id}} | \"Why?/s1/r-1\"",
        "{{steps.fetch.from}}           | \"a@b\"",
        "{{arguments.text}}             | \"hi\"",
        "{{input.of-it}}                | 1",
        "{{input.empty}}                | \"\"",
        "{{input.none?}}                | null",
        "{{input.nothing?}}             | null",
        "{{input.nothing.at.all?}}      | null",
        "{{steps.skipped?}}             | null",
        "{{steps.skipped.text?}}        | null",
        "{{input.list.9?}}              | null",
        "{{question.length?}}           | null",
        "<{{input.nothing?}}>           | \"<>\"",
        "a}}b                           | \"a}}b\"",
        "{ {question} }                 | \"{ {question} }\"",
        // What is inserted is never read as a template, nor as JSON.
        "{{input.name}}!                | \"Ann \\\"A\\\" {{question}}!\"",
      })
  void isFilledWithValues(String template, String filled) {
    assertThat(Template.parse(template).fill(VALUES)).isEqualTo(Given.json(filled));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{input.nothing}}",
        "{{input.none}}",
        "<{{input.none}}>",
        "{{steps.skipped}}",
        "{{steps.later}}",
        "{{question.length}}",
        "{{input.list.2}}",
        "{{input.list.-1}}",
        "{{input.list.99999999999}}",
      })
  void aPathWithoutAValueIsAnError(String template) {
    assertThatExceptionOfType(TemplateError.class)
        .isThrownBy(() -> Template.parse(template).fill(VALUES))
        .withMessageContaining("has no value");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{",
        "{{input",
        "{{}}",
        "{{ }}",
        "{{?}}",
        "{{input..a}}",
        "{{.a}}",
        "{{a b}}",
        "{{1 + 1}}",
        "{{input['a']}}",
        "{{input.a | upper}}",
        "{{{{question}}}}",
        "{{input.a??}}"
      })
  void thereAreNoExpressions(String template) {
    assertThatExceptionOfType(TemplateError.class).isThrownBy(() -> Template.parse(template));
  }

  @ParameterizedTest
  @CsvSource({
    "http://h/t/{{input.ticket}}, http://h/t/4711",
    "http://h/t/{{input.path}}, http://h/t/a%2Fb%3Fc%3Dd%26e%23f",
    "http://h/t/{{input.path}}/x?q={{input.path}}&r=1,"
        + " http://h/t/a%2Fb%3Fc%3Dd%26e%23f/x?q=a%2Fb%3Fc%3Dd%26e%23f&r=1",
    "http://h/{{input.umlaut}}, http://h/%C3%A4%F0%9F%8C%B1",
    "http://h/{{input.lines}}, http://h/a%0D%0AX-Evil%3A%201",
    "http://h/?q={{input.nothing?}}, http://h/?q=",
    "http://h/?q={{input.dots}}, http://h/?q=..",
    "http://h/v{{input.dots}}, http://h/v..",
    "http://h:8080/a/../b, http://h:8080/a/../b",
    "https://h, https://h",
    "http://h?q={{question}}, http://h?q=Why%3F",
  })
  void inAUrlAValueStaysInItsPlace(String template, String url) {
    assertThat(UrlTemplate.parse(template).fill(VALUES)).hasToString(url);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://h/{{input.dots}}",
        "http://h/{{input.dot}}",
        "http://h/{{input.dot}}./x",
        "http://h/%2E{{input.dot}}/x",
        "http://h/{{input.empty}}",
        "http://h/{{input.empty}}/x",
        "http://h/{{input.nothing?}}?q=1",
        "http://h/{{input.list}}",
        "http://h/{{input.half}}",
        "http://h/{{input.nothing}}",
      })
  void aUrlThatWouldLeadElsewhereIsAnError(String template) {
    UrlTemplate url = UrlTemplate.parse(template);
    assertThatExceptionOfType(TemplateError.class).isThrownBy(() -> url.fill(VALUES));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "h",
        "/path",
        "ftp://h/",
        "file:///etc/passwd",
        "http://",
        "http://u:p@h/",
        "http://h/#a",
        "http://h:99999/",
        "http://a b/",
        "{{input.path}}",
        "{{input.path}}://h/",
        "http://{{input.path}}",
        "http://{{input.path}}/",
        "http://h{{input.path}}/",
        "http://h:{{input.ticket}}/",
        "http://h/ {{question}}"
      })
  void aUrlNamesItsHostItself(String template) {
    assertThatExceptionOfType(TemplateError.class).isThrownBy(() -> UrlTemplate.parse(template));
  }

  @Test
  void jsonIsFilledTextByText() {
    JsonTemplate template =
        JsonTemplate.parse(
            Given.json(
                """
                {'a':'{{input.ticket}}','b':['{{input.name}}',{'c':'{{input.none?}}'}],
                 '{{question}}':true,'d':5,'e':null,'f':'x {{question}}'}
                """));
    assertThat(template.fill(VALUES))
        .isEqualTo(
            Given.json(
                "{'a':4711,'b':['Ann \\\"A\\\" {{question}}',{'c':null}],'{{question}}':true,"
                    + "'d':5,'e':null,'f':'x Why?'}"));
    assertThat(template.paths())
        .extracting(ValuePath::toString)
        .containsExactly("input.ticket", "input.name", "input.none", "question");
  }

  @Test
  void jsonThatWouldBeTooDeepIsAnError() {
    String deep = "[".repeat(Json.MAX_DEPTH) + "]".repeat(Json.MAX_DEPTH);
    Scope scope = new Scope("s", "r", "q", Given.json(deep), Map.of());
    assertThat(JsonTemplate.parse(Given.json("'{{input}}'")).fill(scope.values())).isNotNull();
    JsonTemplate wrapped = JsonTemplate.parse(Given.json("{'a':'{{input}}'}"));
    assertThatExceptionOfType(TemplateError.class)
        .isThrownBy(() -> wrapped.fill(scope.values()))
        .withMessageContaining("deep");
  }
}
