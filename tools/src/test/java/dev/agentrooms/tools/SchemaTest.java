package dev.agentrooms.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.agentrooms.protocol.InvalidField;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("wire")
class SchemaTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'type':'object','required':['a']} | {} | arguments.a | arguments.a is required",
        "{'properties':{'a':{'type':'string'}}} | {'a':5} | arguments.a | must be of the type string",
        "{'type':'object'} | [] | arguments | arguments must be of the type object",
        "{'properties':{'l':{'items':{'properties':{'b':{'enum':['x']}}}}}} | {'l':[{},{'b':'y'}]} | arguments.l[1].b | x",
        "{'properties':{'a':true},'additionalProperties':false} | {'b':1} | arguments.b | arguments.b is not allowed",
        "{'properties':{'a':{'minimum':1}}} | {'a':0} | arguments.a | 1",
        "{'$defs':{'n':{'type':'number'}},'properties':{'a':{'$ref':'#/$defs/n'}}} | {'a':''} | arguments.a | number",
        "{'properties':{'next':{'$ref':'#'}},'type':'object'} | {'next':{'next':1}} | arguments.next.next | object",
        "{'$schema':'https://json-schema.org/draft/2020-12/schema','not':{}} | 1 | arguments | arguments",
        "false | 1 | arguments | false",
      })
  void aValueThatDoesNotFitIsRefusedByField(String schema, String value, String field, String why) {
    assertThatExceptionOfType(InvalidField.class)
        .isThrownBy(() -> Schema.of(Given.json(schema)).check("arguments", Given.json(value)))
        .withMessageContaining(why)
        .satisfies(e -> assertThat(e.field()).isEqualTo(field));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | 5",
        "true | 5",
        "{'format':'date-time'} | 'no time'",
        "{'properties':{'pattern':{'type':'string'},'$ref':{'type':'string'},'x-y':{}}} | {'$ref':'http://x/'}",
        "{'const':{'$ref':'http://127.0.0.1:1/'}} | {'$ref':'http://127.0.0.1:1/'}",
      })
  void aValueThatFitsPasses(String schema, String value) {
    assertThatCode(() -> Schema.of(Given.json(schema)).check("", Given.json(value)))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "5",
        "'string'",
        "{'type':'strin'}",
        "{'required':'a'}",
        "{'properties':{'a':{'type':5}}}",
        "{'requird':['a']}",
        "{'pattern':'('}",
        "{'patternProperties':{'(':{}}}",
        "{'items':{'pattern':'['}}",
        "{'$ref':'#/$defs/none'}",
        "{'$ref':'#'}",
        "{'$schema':'http://json-schema.org/draft-07/schema#'}",
        "{'$schema':'http://127.0.0.1:1/own'}",
      })
  void whatIsNoSchemaIsRefused(String json) {
    assertThatExceptionOfType(Schema.Invalid.class).isThrownBy(() -> Schema.of(Given.json(json)));
  }

  /// A declared schema must not make the server fetch anything.
  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void nothingIsEverFetched() throws Exception {
    try (RawServer server = new RawServer(RawServer.Connection::waitForClose)) {
      String uri = server.uri() + "/schema.json";
      for (String schema :
          new String[] {
            "{'$ref':'%s'}",
            "{'$dynamicRef':'%s'}",
            "{'$schema':'%s'}",
            "{'items':{'anyOf':[{'$ref':'%s#/a'}]}}",
            "{'definitions':{'a':{'$ref':'%s'}},'$ref':'#/definitions/a'}",
            "{'$id':'%s','properties':{'a':{'$ref':'other.json'}}}",
            "{'dependencies':{'a':{'$ref':'%s'}}}",
            "{'$vocabulary':{'%s':true}}",
          }) {
        try {
          Schema.of(Given.json(schema.formatted(uri))).check("", Given.json("{'a':1}"));
        } catch (Schema.Invalid e) {
          assertThat(e.detail()).isNotBlank();
        }
      }
      assertThat(server.connections()).isZero();
    }
    for (String other : new String[] {"file:///etc/passwd", "classpath:/logback.xml", "jar:x!/y"}) {
      assertThatExceptionOfType(Schema.Invalid.class)
          .isThrownBy(() -> Schema.of(Given.json("{'$ref':'" + other + "'}")));
    }
  }

  @Test
  void twoSchemasOfOneIdAreTwoSchemas() {
    Schema first = Schema.of(Given.json("{'$id':'https://x/a','type':'string'}"));
    Schema second = Schema.of(Given.json("{'$id':'https://x/a','type':'number'}"));
    first.check("", Given.json("'a'"));
    second.check("", Given.json("1"));
    assertThatExceptionOfType(InvalidField.class)
        .isThrownBy(() -> second.check("", Given.json("'a'")));
  }

  @Test
  void anAnswerWithManyFaultsCostsOne() {
    Schema schema = Schema.of(Given.json("{'items':{'type':'object','required':['a','b']}}"));
    String many = "[{}" + ",{}".repeat(60_000) + "]";
    assertThatExceptionOfType(InvalidField.class)
        .isThrownBy(() -> schema.check("", Given.json(many)))
        .satisfies(e -> assertThat(e.field()).isEqualTo("[0].a"));
  }
}
