package dev.agentrooms.http.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Json;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class AuditTrailTest {

  private final AuditTrail trail = new AuditTrail();

  private static ObjectNode line(String sessionId, int n) {
    return Json.object().put("session_id", sessionId).put("n", n);
  }

  @Test
  void theLatestLinesOfASessionComeFirstAndNoOthers() {
    for (int i = 0; i < 10; i++) {
      trail.add(line("a", i));
      trail.add(line("b", i));
    }
    assertThat(trail.about("a", 3)).containsExactly(line("a", 9), line("a", 8), line("a", 7));
    assertThat(trail.about("b", 100)).hasSize(10);
    assertThat(trail.about("c", 100)).isEmpty();
  }

  @Test
  void theOldestMakeWayHoweverManyCome() {
    trail.add(line("first", 0));
    for (int i = 0; i < AuditTrail.KEPT; i++) {
      trail.add(line("then", i));
    }
    assertThat(trail.about("first", 1)).isEmpty();
    assertThat(trail.about("then", 2 * AuditTrail.KEPT)).hasSize(AuditTrail.KEPT);
  }

  @Test
  void whatIsAboutNoSessionTakesNoPlace() {
    trail.add(line("kept", 0));
    for (int i = 0; i < AuditTrail.KEPT; i++) {
      trail.add(Json.object().put("what", "GET /api/agent/sessions"));
    }
    assertThat(trail.about("kept", 1)).hasSize(1);
  }
}
