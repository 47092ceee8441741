package dev.agentrooms.mocks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.stubbing.StubMapping;
import java.net.BindException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("wire")
@Timeout(300)
class MocksTest {

  @Test
  void aTakenPortIsToldByABindException() {
    try (var first = Mocks.start("127.0.0.1", 0, Latency.NONE)) {
      assertThatThrownBy(() -> Mocks.start("127.0.0.1", first.port(), Latency.NONE))
          .hasRootCauseInstanceOf(BindException.class);
    }
  }

  @Test
  void nothingListensAfterClose() throws Exception {
    var mocks = Mocks.start("127.0.0.1", 0, Latency.NONE);
    var tools = new Tools(mocks);
    var port = mocks.port();
    assertThat(tools.get("/health").statusCode()).isEqualTo(200);
    mocks.close();

    assertThatThrownBy(() -> new Socket("127.0.0.1", port).close())
        .isInstanceOf(ConnectException.class);
  }

  @Test
  void aWildcardHostIsReachedOverLoopback() throws Exception {
    try (var mocks = Mocks.start("0.0.0.0", 0, Latency.NONE)) {
      assertThat(mocks.url()).isEqualTo("http://127.0.0.1:" + mocks.port());
      assertThat(new Tools(mocks).get("/health").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void usualLatencyLetsProgressBeSeen() {
    try (var mocks = Mocks.start("127.0.0.1", 0)) {
      assertThat(delay(mocks, "search")).isEqualTo(400);
      assertThat(delay(mocks, "rag")).isEqualTo(600);
      assertThat(delay(mocks, "generate")).isEqualTo(900);
      assertThat(delay(mocks, "grade")).isEqualTo(500);
    }
  }

  @Test
  void withoutLatencyOnlyTheSlowAnswersAreDelayed() {
    try (var mocks = Mocks.start("127.0.0.1", 0, Latency.NONE)) {
      for (var tool : List.of("search", "rag", "generate", "grade")) {
        assertThat(delay(mocks, tool)).isNull();
        assertThat(delay(mocks, tool + ": asked to be slow")).isEqualTo(20_000);
      }
    }
  }

  @Test
  void aHundredDelayedCallsAreServedAtOnce() throws Exception {
    try (var mocks = Mocks.start("127.0.0.1", 0)) {
      var tools = new Tools(mocks);
      var slow = new ArrayList<CompletableFuture<HttpResponse<String>>>();
      var usual = new ArrayList<CompletableFuture<HttpResponse<String>>>();
      for (var i = 0; i < 100; i++) {
        slow.add(tools.postAsync("/rag", Map.of("query", "tides [rag:slow]")));
      }
      for (var i = 0; i < 100; i++) {
        usual.add(tools.postAsync("/search", Map.of("query", "tides " + i)));
      }

      for (var i = 0; i < 100; i++) {
        var answer = usual.get(i).get(60, TimeUnit.SECONDS);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(Tools.json(answer).at("/chunks/0/text").asText()).contains("tides " + i);
      }
      assertThat(slow).noneMatch(CompletableFuture::isDone);
      slow.forEach(call -> call.cancel(true));
    }
  }

  private static @Nullable Integer delay(Mocks mocks, String name) {
    return mocks.server().getStubMappings().stream()
        .filter(stub -> name.equals(stub.getName()))
        .map(StubMapping::getResponse)
        .toList()
        .getFirst()
        .getFixedDelayMilliseconds();
  }
}
