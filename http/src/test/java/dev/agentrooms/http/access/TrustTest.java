package dev.agentrooms.http.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class TrustTest {

  private static final String INTERNAL = "a-token-of-producers";
  private static final Caller.User ROOT = new Caller.User("root", Scope.ADMIN, null);

  private static Secrets secrets(String... values) {
    return new Secrets(Stream.of(values).map(value -> value.getBytes(UTF_8)).toList());
  }

  private static boolean believes(Trust agent, Trust webUi) {
    HttpRequest request = HttpRequest.GET("/");
    for (var header : new PassedOn(webUi).headers(new Visit.Known(ROOT, null), null).entrySet()) {
      request = request.addHeader(RawHeader.create(header.getKey(), header.getValue()));
    }
    return new PassedOn(agent).read(request).filter(ROOT::equals).isPresent();
  }

  @Test
  void whereARequestCameFromIsBelievedOfOurWebUiAloneWhoeverSentIt() {
    InetAddress from = InetAddress.ofLiteral("192.0.2.9");
    HttpRequest request = HttpRequest.GET("/");
    for (var header :
        new PassedOn(new Trust(List.of("k"))).headers(Visit.ANYONE, from).entrySet()) {
      request = request.addHeader(RawHeader.create(header.getKey(), header.getValue()));
    }
    assertThat(new PassedOn(new Trust(List.of("k"))).from(request)).contains(from);
    assertThat(new PassedOn(new Trust(List.of("k"))).read(request)).isEmpty();
    assertThat(new PassedOn(new Trust(List.of("other"))).from(request)).isEmpty();
  }

  @Test
  void whoHoldsTheInternalTokenCannotPassForAUserWhereThereIsASecret() {
    Trust agent = Trust.of(secrets("secret"), INTERNAL);
    assertThat(believes(agent, Trust.of(secrets("secret"), null))).isTrue();
    assertThat(believes(agent, new Trust(List.of(INTERNAL)))).isFalse();
    assertThat(believes(agent, new Trust(List.of("secret")))).isFalse();
  }

  @Test
  void whileASecretIsRotatedOldAndNewAreBelieved() {
    Trust rotating = Trust.of(secrets("new", "old"), null);
    Trust before = Trust.of(secrets("old"), null);
    Trust after = Trust.of(secrets("new"), null);
    assertThat(believes(rotating, before)).isTrue();
    assertThat(believes(rotating, after)).isTrue();
    assertThat(believes(after, rotating)).isTrue();
    assertThat(believes(before, rotating)).isTrue();
    assertThat(believes(after, before)).isFalse();
  }

  @Test
  void withoutASecretItIsTheInternalTokenOrTheProcess() {
    assertThat(believes(Trust.of(Secrets.NONE, INTERNAL), Trust.of(Secrets.NONE, INTERNAL)))
        .isTrue();
    assertThat(believes(Trust.WITHIN_THIS_PROCESS, Trust.of(Secrets.NONE, null))).isTrue();
    assertThat(believes(Trust.WITHIN_THIS_PROCESS, Trust.of(Secrets.NONE, INTERNAL))).isFalse();
  }
}
