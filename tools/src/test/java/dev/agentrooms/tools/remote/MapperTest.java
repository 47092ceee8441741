package dev.agentrooms.tools.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.protocol.InputKind;
import dev.agentrooms.protocol.InvalidField;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.tools.InputRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the events of both protocols mean.
@Tag("unit")
class MapperTest {

  private static final String END = "{'type':'TOOL_CALL_END','toolCallId':'c1'}";
  private static final String START =
      "{'type':'TOOL_CALL_START','toolCallId':'c1','toolCallName':'search'}";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {'type':'RUN_STARTED','threadId':'t','runId':'r'} | -
          {'type':'TEXT_MESSAGE_START','messageId':'m1','role':'assistant'} | -
          {'type':'TEXT_MESSAGE_CONTENT','messageId':'m1','delta':'Hello'} | text Hello
          {'type':'TEXT_MESSAGE_CHUNK','messageId':'m1','delta':'Hello'} | text Hello
          {'type':'TEXT_MESSAGE_CHUNK','messageId':'m1','role':'user','delta':'Hello'} | -
          {'type':'TEXT_MESSAGE_END','messageId':'m1'} | -
          {'type':'STEP_STARTED','stepName':'Read pages'} | start_read_pages Read pages {'title':'Read pages'}
          {'type':'STEP_FINISHED','stepName':'Read pages'} | read_pages_done Read pages {'title':'Read pages'}
          {'type':'CUSTOM','name':'score','value':7} | progress score {'name':'score','value':7}
          {'type':'STATE_SNAPSHOT','snapshot':{'a':1}} | progress State {'state':{'a':1}}
          {'type':'STATE_DELTA','delta':[]} | progress State {'state_delta':[]}
          {'type':'MESSAGES_SNAPSHOT','messages':[]} | -
          {'type':'REASONING_MESSAGE_CONTENT','messageId':'m1','delta':'Hm'} | -
          {'type':'NEVER_HEARD_OF','x':1} | progress NEVER_HEARD_OF {'event':{'type':'NEVER_HEARD_OF','x':1}}
          {'type':'RUN_ERROR','message':'No luck','code':'E1'} | failed No luck
          {'type':'RUN_ERROR','message':{'a':1}} | failed
          {'type':'TEXT_MESSAGE_CHUNK','messageId':null,'role':null,'delta':'Hello'} | text Hello
          {'type':'CUSTOM','name':null} | progress custom {'name':'custom','value':null}
          {'type':'RUN_FINISHED','threadId':'t','runId':'r'} | finished
          {'type':'RUN_FINISHED','outcome':null,'result':null} | finished null
          {'type':'RUN_FINISHED','result':{'a':1}} | finished {'a':1}
          {'type':'RUN_FINISHED','outcome':{'type':'success'},'result':7} | finished 7
          {'type':'RUN_FINISHED','outcome':{'type':'cancelled'}} | failed It was cancelled.
          {'type':'RUN_FINISHED','outcome':{'type':'interrupt','interrupts':[{'id':'i1','reason':'approval','message':'Send it?'},{'id':'i2','reason':'city'}]}} | asks i1: Send it? i2: city
          {'type':'RUN_FINISHED','outcome':'interrupt','interrupt':{'id':'i1','reason':'approval'}} | asks i1: approval
          """)
  void anEventOfAgUiHasItsMeaning(String event, String meaning) {
    assertThat(meanings(new AgUiMapper(), event)).isEqualTo(meaning);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {'step':'reading','message':'Reads','meta':{'page':1}} | reading Reads {'page':1}
          {'step':'reading'} | reading reading {}
          {'delta':'Hello'} | text Hello
          {'result':{'a':1}} | finished {'a':1}
          {'result':null} | finished null
          {'error':{'message':'No luck'}} | failed No luck
          {'error':'No luck'} | failed No luck
          {'input':{'input_id':'q1','kind':'ask','prompt':'Send it?','value':'Dear','editable':true}} | asks q1: Send it?
          {'input':{'kind':null,'prompt':null,'tool':null,'options':null,'schema':null}} | asks input: Go on?
          {'delta':null,'step':'reading','message':null,'meta':null,'result':null} | reading reading {}
          {'result':null,'error':{'message':'No luck'}} | failed No luck
          {'error':5} | failed
          {'later':1} | -
          """)
  void aLineOfThePlainProtocolHasItsMeaning(String event, String meaning) {
    assertThat(meanings(new NdjsonMapper(), event)).isEqualTo(meaning);
  }

  @Test
  void aToolCallIsToldOnceItsArgumentsAreWhole() {
    assertThat(
            meanings(
                new AgUiMapper(),
                START,
                "{'type':'TOOL_CALL_ARGS','toolCallId':'c1','delta':'{\\'q\\':'}",
                "{'type':'TOOL_CALL_ARGS','toolCallId':'c1','delta':'1}'}",
                END,
                "{'type':'TOOL_CALL_RESULT','messageId':'m','toolCallId':'c1','content':'[2]'}"))
        .isEqualTo(
            "start_tool_call(search) Calls search"
                + " {'call_id':'c1','tool':'search','title':'search','arguments':{'q':1}}"
                + " tool_call_done(search) search: done"
                + " {'call_id':'c1','tool':'search','output':[2]}");
  }

  @Test
  void aToolCallInChunksEndsWithTheNextOtherEvent() {
    assertThat(
            meanings(
                new AgUiMapper(),
                "{'type':'TOOL_CALL_CHUNK','toolCallId':'c1','toolCallName':'search','delta':'{'}",
                "{'type':'TOOL_CALL_CHUNK','delta':'}'}",
                "{'type':'RUN_FINISHED'}"))
        .isEqualTo(
            "start_tool_call(search) Calls search"
                + " {'call_id':'c1','tool':'search','title':'search','arguments':{}} finished");
  }

  @Test
  void argumentsThatAreLargeAreShownByTheirSize() {
    String large = "x".repeat(5000);
    assertThat(
            meanings(
                new AgUiMapper(),
                START,
                "{'type':'TOOL_CALL_ARGS','toolCallId':'c1','delta':'" + large + "'}",
                END))
        .endsWith("'title':'search','arguments_bytes':5000}");
  }

  @Test
  void anInterruptAboutACallShowsTheCall() {
    AgUiMapper mapper = new AgUiMapper();
    mapper.map(json(START));
    mapper.map(json("{'type':'TOOL_CALL_ARGS','toolCallId':'c1','delta':'{\\'q\\':1}'}"));
    mapper.map(json(END));
    List<Said> said =
        mapper.map(
            json(
                "{'type':'RUN_FINISHED','outcome':{'type':'interrupt','interrupts':["
                    + "{'id':'i1','reason':'tool_call','toolCallId':'c1'},"
                    + "{'id':'i2','reason':'city','responseSchema':{'type':'string'}},"
                    + "{'id':'i3','reason':'city','responseSchema':{'type':'nonsense'}}]}}"));
    List<InputRequest> asked = ((Said.Asks) said.getFirst()).questions();
    assertThat(asked.getFirst().kind()).isEqualTo(InputKind.APPROVE);
    assertThat(asked.getFirst().tool()).isEqualTo("search");
    assertThat(asked.getFirst().arguments()).isEqualTo(Json.object().put("q", 1));
    assertThat(asked.getFirst().editable()).isFalse();
    assertThat(asked.get(1).editable()).isTrue();
    assertThat(asked.get(1).schema()).isEqualTo(Json.object().put("type", "string"));
    assertThat(asked.get(2).schema()).isNull();
  }

  @Test
  void textsOfTwoMessagesAreParagraphs() {
    assertThat(
            meanings(
                new AgUiMapper(),
                "{'type':'TEXT_MESSAGE_CONTENT','messageId':'m1','delta':'One'}",
                "{'type':'TEXT_MESSAGE_CONTENT','messageId':'m1','delta':' more'}",
                "{'type':'TEXT_MESSAGE_CONTENT','messageId':'m2','delta':'Two'}"))
        .isEqualTo("text One text  more text \n\n text Two");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          [] | type must be a string
          {'type':7} | type must be a string
          {'type':'STEP_STARTED'} | stepName must be a string
          {'type':'TOOL_CALL_START','toolCallId':'c1'} | toolCallName must be a string
          {'type':'TEXT_MESSAGE_START','messageId':5} | messageId must be a string
          {'type':'TEXT_MESSAGE_CONTENT','messageId':'m1','delta':5} | delta must be a string
          {'type':'TEXT_MESSAGE_CONTENT','messageId':'m1','delta':{'text':'x'}} | delta must be a string
          {'type':'TEXT_MESSAGE_CONTENT','messageId':5,'delta':'x'} | messageId must be a string
          {'type':'TEXT_MESSAGE_CHUNK','role':['user'],'delta':'x'} | role must be a string
          {'type':'TOOL_CALL_START','toolCallId':5,'toolCallName':'search'} | toolCallId must be a string
          {'type':'TOOL_CALL_ARGS','toolCallId':'c1','delta':{}} | delta must be a string
          {'type':'TOOL_CALL_END','toolCallId':true} | toolCallId must be a string
          {'type':'TOOL_CALL_CHUNK','toolCallId':5} | toolCallId must be a string
          {'type':'TOOL_CALL_CHUNK','toolCallId':'c1','toolCallName':'search','delta':5} | delta must be a string
          {'type':'TOOL_CALL_RESULT','content':'x'} | toolCallId must be a string
          {'type':'STEP_FINISHED','stepName':5} | stepName must be a string
          {'type':'CUSTOM','name':5} | name must be a string
          {'type':'RUN_FINISHED','outcome':5} | outcome must be an object
          {'type':'RUN_FINISHED','outcome':{}} | outcome.type must be a string
          {'type':'RUN_FINISHED','outcome':{'type':5}} | outcome.type must be a string
          {'type':'RUN_FINISHED','outcome':{'type':'error'}} | outcome must be success, interrupt or cancelled, and is error
          {'type':'RUN_FINISHED','outcome':{'type':'interrupt','interrupts':[]}} | outcome.interrupts must name an interrupt
          {'type':'RUN_FINISHED','outcome':{'type':'interrupt','interrupts':5}} | outcome.interrupts must be an array
          {'type':'RUN_FINISHED','outcome':{'type':'interrupt','interrupts':[5]}} | outcome.interrupts must each be an object
          {'type':'RUN_FINISHED','outcome':{'type':'interrupt','interrupts':[{'id':5}]}} | outcome.interrupts.id must be a string
          {'type':'RUN_FINISHED','outcome':{'type':'interrupt','interrupts':[{'message':{}}]}} | outcome.interrupts.message must be a string
          {'type':'RUN_FINISHED','outcome':{'type':'interrupt','interrupts':[{'toolCallId':5}]}} | outcome.interrupts.toolCallId must be a string
          {'type':'RUN_FINISHED','outcome':{'type':'interrupt','interrupts':[{'responseSchema':5}]}} | outcome.interrupts.responseSchema must be an object
          {'type':'RUN_FINISHED','outcome':'interrupt','interrupt':'i1'} | interrupt must be an object
          {'type':'RUN_FINISHED','outcome':'interrupt','interrupt':{'reason':5}} | interrupt.reason must be a string
          """)
  void whatIsNoEventOfAgUiIsRefused(String event, String why) {
    refused(new AgUiMapper(), event, why);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          7 | A line must be an object.
          {'delta':5} | delta must be a string
          {'step':5} | step must be a string
          {'step':'reading','message':5} | message must be a string
          {'step':'reading','meta':[]} | meta must be an object
          {'input':5} | input must be an object
          {'input':'Send it?'} | input must be an object
          {'input':{'input_id':5}} | input.input_id must be a string
          {'input':{'kind':'approval'}} | input.kind must be ask or approve
          {'input':{'kind':5}} | input.kind must be a string
          {'input':{'prompt':{}}} | input.prompt must be a string
          {'input':{'tool':5}} | input.tool must be a string
          {'input':{'editable':'yes'}} | input.editable must be a boolean
          {'input':{'schema':[]}} | input.schema must be an object
          {'input':{'options':'a'}} | input.options must be an array
          {'input':{'options':['a',5]}} | input.options must each be a string
          """)
  void whatIsNoLineOfThePlainProtocolIsRefused(String line, String why) {
    refused(new NdjsonMapper(), line, why);
  }

  private static void refused(Mapper mapper, String event, String why) {
    assertThatThrownBy(() -> mapper.map(json(event)))
        .isInstanceOfSatisfying(
            InvalidField.class, refused -> assertThat(refused.detail()).isEqualTo(why));
  }

  private static String meanings(Mapper mapper, String... events) {
    List<String> all = new ArrayList<>();
    for (String event : events) {
      mapper.map(json(event)).forEach(said -> all.add(word(said)));
    }
    return all.isEmpty() ? "-" : String.join(" ", all);
  }

  private static String word(Said said) {
    return switch (said) {
      case Said.Text(String more) -> "text " + more;
      case Said.Happened(var told) ->
          (told.step() == null ? "progress" : told.step())
              + (told.tool() == null ? "" : "(" + told.tool() + ")")
              + " "
              + told.message()
              + " "
              + told.meta().toString().replace('"', '\'');
      case Said.Finished(JsonNode result) ->
          result.isMissingNode() ? "finished" : "finished " + result.toString().replace('"', '\'');
      case Said.Failed(String message) -> ("failed " + message).strip();
      case Said.Asks(var questions) ->
          "asks "
              + String.join(
                  " ",
                  questions.stream().map(each -> each.askedAs() + ": " + each.prompt()).toList());
    };
  }

  // Single quotes are quotes, and those with a backslash are quotes in a string.
  private static JsonNode json(String text) {
    return Json.parse(
        text.replace("\\'", "\\\"").replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }
}
