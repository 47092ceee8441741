package dev.agentrooms.tools;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.tools.ToolResult.Failed;
import dev.agentrooms.tools.ToolResult.Reason;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("unit")
class ToolTest {

  @ParameterizedTest
  @CsvSource({
    "CONNECTION_REFUSED,    , true , true",
    "HTTP_STATUS,        429, true , true",
    "HTTP_STATUS,        503, true , true",
    "HTTP_STATUS,        500, false, true",
    "HTTP_STATUS,        502, false, true",
    "HTTP_STATUS,        504, false, true",
    "HTTP_STATUS,        400, false, false",
    "HTTP_STATUS,        302, false, false",
    "TIMEOUT,               , false, true",
    "CONNECTION_LOST,       , false, false",
    "INVALID_ANSWER,     200, false, false",
    "ANSWER_TOO_LARGE,      , false, false",
    "TEMPLATE,              , false, false",
    "INVALID_ARGUMENTS,     , false, false",
  })
  void whatMayHaveBeenDoneIsDoneAgainOnlyWhereThatIsHarmless(
      Reason reason, @Nullable Integer status, boolean isPostRepeated, boolean isGetRepeated) {
    Failed failed = new Failed(reason, status, "");
    assertThat(tool("POST", "").pauseAfter(failed, 1).isPresent()).isEqualTo(isPostRepeated);
    assertThat(tool("PATCH", "").pauseAfter(failed, 1).isPresent()).isEqualTo(isPostRepeated);
    assertThat(tool("POST", "idempotent = true").pauseAfter(failed, 1).isPresent())
        .isEqualTo(isGetRepeated);
    for (String method : new String[] {"GET", "PUT", "DELETE"}) {
      assertThat(tool(method, "").pauseAfter(failed, 1).isPresent()).isEqualTo(isGetRepeated);
    }
  }

  @Test
  void thereAreAsManyAttemptsAsTheToolSays() {
    Failed refused = new Failed(Reason.CONNECTION_REFUSED, null, "");
    assertThat(tool("GET", "").pauseAfter(refused, 1)).contains(Duration.ofMillis(300));
    assertThat(tool("GET", "").pauseAfter(refused, 2)).isEmpty();
    Tool patient = tool("GET", "retry { attempts = 4, delay = 2s }");
    assertThat(patient.pauseAfter(refused, 3)).contains(Duration.ofSeconds(2));
    assertThat(patient.pauseAfter(refused, 4)).isEmpty();
    assertThat(tool("GET", "retry { attempts = 1 }").pauseAfter(refused, 1)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0, 300", "1, 1000", "30, 30000", "31, 30000", "999999999, 30000"})
  void aServiceMayAskForThePauseThatItNeedsWithinBounds(int seconds, int millis) {
    Failed busy = new Failed(Reason.HTTP_STATUS, 429, "", Duration.ofSeconds(seconds));
    assertThat(tool("POST", "").pauseAfter(busy, 1)).contains(Duration.ofMillis(millis));
    assertThat(tool("POST", "retry { max_delay = 300ms }").pauseAfter(busy, 1))
        .contains(Duration.ofMillis(300));
  }

  @Test
  void numbersAreShownAsTheyAreAndArraysAreCounted() {
    Tool tool = tool("GET", "shown = [total, items, name, nothing]");
    ObjectNode meta = Json.object();
    tool.showFigures(Given.json("{'total':1.5,'items':[1,2],'name':'x','other':3}"), meta);
    tool.showFigures(null, meta);
    tool.showFigures(Given.json("[]"), meta);
    assertThat(meta).isEqualTo(Given.json("{'total':1.5,'items':2}"));
  }

  private static Tool tool(String method, String more) {
    return Given.tool("http { method = " + method + ", url = \"http://h/\" }\n" + more);
  }
}
