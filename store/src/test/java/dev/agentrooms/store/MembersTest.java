package dev.agentrooms.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentrooms.store.Members.Beat;
import dev.agentrooms.store.Members.Member;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The heartbeats of those that share a database.
@Tag("process")
class MembersTest {

  private static final Member A = new Member("pekko://a:1", 1, "agent webui");
  private static final Member B = new Member("pekko://b:1", 2, "agent");
  private static final Duration FRESH = Duration.ofSeconds(10);

  private static @Nullable PostgresServer server;

  private String database = "";

  @SuppressWarnings("NullAway.Init") // before each test
  private Members members;

  @BeforeAll
  static void startServer() throws Exception {
    server = PostgresServer.start();
  }

  @AfterAll
  static void stopServer() {
    if (server != null) {
      server.close();
    }
  }

  private static Members members(String database) {
    return new PostgresMembers(
        new Postgres(
            StoreSettings.at(
                Objects.requireNonNull(server).url(database), PostgresServer.USER, null)));
  }

  @BeforeEach
  void open() throws Exception {
    database = Objects.requireNonNull(server).newDatabase();
    Stores.open(
            StoreSettings.at(server.url(database), PostgresServer.USER, null),
            java.time.InstantSource.system(),
            new StoreListener() {})
        .close();
    members = members(database);
  }

  @Test
  void whoeverComesFirstIsAloneAndTheOthersAreTold() {
    assertThat(members.enterAlone(A, FRESH)).isEmpty();

    assertThat(members.enterAlone(B, FRESH)).extracting(Beat::member).containsExactly(A);
    assertThat(members.beat(A)).as("who could not enter is not there").isEmpty();
  }

  @Test
  void aProcessAtTheSameAddressIsNoOther() {
    members.beat(A);

    assertThat(members.enterAlone(new Member(A.address(), 7, A.roles()), FRESH)).isEmpty();
    members.leave(A);
    assertThat(members.beat(B)).as("it leaves for itself alone").hasSize(1);
  }

  @Test
  void anOldHeartbeatHoldsUpNobodyAndIsForgottenInTime() throws Exception {
    members.beat(A);
    Objects.requireNonNull(server)
        .execute(database, "update members set beat_at = beat_at - 11000");

    assertThat(members.beat(B).getFirst().age()).isGreaterThanOrEqualTo(FRESH);
    server.execute(database, "update members set beat_at = beat_at - 3600000");
    assertThat(members.enterAlone(B, FRESH)).isEmpty();
    assertThat(members.beat(B)).isEmpty();
  }

  @Test
  void whoLeavesIsNotThereAnyMore() {
    members.beat(A);
    members.leave(A);

    assertThat(members.enterAlone(B, FRESH)).isEmpty();
  }

  @Test
  void ofManyAtTheSameTimeOneIsAlone() throws Exception {
    try (ExecutorService all = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<Beat>>> entered = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        Member each = new Member("pekko://h:" + i, i, "agent");
        entered.add(
            all.submit(
                () -> {
                  try (Members own = members(database)) {
                    return own.enterAlone(each, FRESH);
                  }
                }));
      }
      int alone = 0;
      for (Future<List<Beat>> each : entered) {
        alone += each.get().isEmpty() ? 1 : 0;
      }
      assertThat(alone).isEqualTo(1);
    }
  }

  @Test
  void whileTheDatabaseIsAwayACallFailsAndTheNextOneConnectsAgain() throws Exception {
    members.beat(A);
    Objects.requireNonNull(server).crash();
    assertThatThrownBy(() -> members.beat(A)).isInstanceOf(StoreFailure.Unavailable.class);
    server.up();

    assertThat(members.enterAlone(B, FRESH)).extracting(Beat::member).containsExactly(A);
  }
}
