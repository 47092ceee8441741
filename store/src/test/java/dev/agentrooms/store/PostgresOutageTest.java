package dev.agentrooms.store;

import static dev.agentrooms.store.Await.done;
import static dev.agentrooms.store.Await.failure;
import static dev.agentrooms.store.Records.of;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("process")
@Timeout(240)
class PostgresOutageTest {

  private final BlockingQueue<String> states = new LinkedBlockingQueue<>();
  private final StoreListener listener =
      new StoreListener() {
        @Override
        public void down(StoreFailure why) {
          states.add("down");
        }

        @Override
        public void up() {
          states.add("up");
        }
      };
  private PostgresServer server;
  private String database;

  @BeforeEach
  void start() throws Exception {
    server = PostgresServer.start();
    database = server.newDatabase();
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  private StoreSettings settings(String url) {
    return StoreSettings.at(url, PostgresServer.USER, null);
  }

  private Store open(String url) {
    return Stores.open(settings(url), Clock.systemUTC(), listener);
  }

  private String state() throws InterruptedException {
    return String.valueOf(states.poll(60, TimeUnit.SECONDS));
  }

  @Test
  void aServerThatIsAwayIsSaidAtOnceAndFoundAgain() throws Exception {
    try (Store store = open(server.url(database))) {
      StoredSession owned = done(store.sessions().load("s"));
      done(store.sessions().record(of(owned, 0, "before")));
      server.crash();
      assertThat(failure(store.sessions().record(of(owned, 1, "meanwhile"))))
          .isInstanceOfAny(StoreFailure.Unavailable.class);
      assertThat(state()).isEqualTo("down");
      assertThat(store.trouble()).isPresent();
      assertThat(failure(store.sessions().page(10, null, null)))
          .isInstanceOf(StoreFailure.Unavailable.class);

      server.up();
      assertThat(state()).isEqualTo("up");
      assertThat(store.trouble()).isEmpty();
      done(store.sessions().record(of(owned, 1, "after")));
      StoredSession.Kept kept = done(store.sessions().load("s")).kept();
      assertThat(Records.texts(Objects.requireNonNull(kept).events()))
          .containsExactly("before", "after");
    }
  }

  @Test
  void aConnectionThatBreaksWhileCommittingLeavesADoubtThatReadingAnewEnds() throws Exception {
    try (Cut cut = new Cut(server.port());
        Store store = open(cut.url(database))) {
      StoredSession owned = done(store.sessions().load("s"));
      done(store.sessions().record(of(owned, 0, "before")));
      cut.afterNextCommit = true;
      assertThat(failure(store.sessions().record(of(owned, 1, "in doubt"))))
          .isInstanceOf(StoreFailure.OutcomeUnknown.class);
      assertThat(state()).isEqualTo("down");
      assertThat(state()).isEqualTo("up");

      StoredSession.Kept kept = done(store.sessions().load("s")).kept();
      assertThat(Records.texts(Objects.requireNonNull(kept).events()))
          .containsExactly("before", "in doubt");
    }
  }

  @Test
  void twoStoresWhoWriteOneKeyFenceEachOther() {
    try (Store one = open(server.url(database));
        Store other = open(server.url(database))) {
      StoredSession first = done(one.sessions().load("s"));
      done(one.sessions().record(of(first, 0, "of one")));
      StoredSession second = done(other.sessions().load("s"));
      assertThat(failure(one.sessions().record(of(first, 1, "of one"))))
          .isInstanceOf(StoreFailure.Fenced.class);
      done(other.sessions().record(of(second, 1, "of the other")));
    }
  }

  @Test
  void oneThatStandsStillAmidATransactionHoldsUpNobodyForLong() throws Exception {
    try (Store store = open(server.url(database))) {
      done(store.sessions().record(of(done(store.sessions().load("s")), 0, "before")));
      try (Db still = new Postgres(settings(server.url(database))).writer()) {
        still.update("update session set generation = generation + 1");

        StoredSession taken = done(store.sessions().load("s"));

        done(store.sessions().record(of(taken, 1, "after")));
        assertThat(store.trouble()).isEmpty();
        assertThat(states).isEmpty();
        assertThatThrownBy(still::commit)
            .isInstanceOfSatisfying(
                SQLException.class,
                e ->
                    assertThat(new Postgres(settings(server.url(database))).trouble(e))
                        .isEqualTo(Engine.Trouble.AWAY));
      }
    }
  }

  @Test
  void aServerThatForgetsWhatItHasCommittedIsRefused() throws SQLException {
    server.execute("postgres", "alter database " + database + " set synchronous_commit = off");
    assertThatThrownBy(() -> open(server.url(database)).close())
        .isInstanceOf(StoreRefused.class)
        .hasMessageStartingWith("store.url: ")
        .hasMessageContaining("synchronous_commit = on");
  }

  @Test
  void aServerThatIsNotThereIsNamedWithoutItsPassword() {
    StoreSettings away =
        StoreSettings.at("jdbc:postgresql://127.0.0.1:1/nothing", "someone", "s3cret");
    assertThatThrownBy(() -> Stores.open(away, Clock.systemUTC(), listener))
        .isInstanceOf(StoreRefused.class)
        .hasMessageStartingWith("store.url: ")
        .hasMessageNotContaining("s3cret");
    assertThat(away.toString()).doesNotContain("s3cret");
  }

  /// Stands between, and can cut a connection when a commit has gone through, before its answer.
  private static final class Cut implements AutoCloseable {

    private static final String COMMIT = "COMMIT";

    private final ServerSocket front = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final int behind;
    volatile boolean afterNextCommit;

    Cut(int behind) throws IOException {
      this.behind = behind;
      Thread.ofVirtual().start(this::accept);
    }

    // Each statement goes over as text, so that a commit is seen.
    String url(String database) {
      return "jdbc:postgresql://127.0.0.1:"
          + front.getLocalPort()
          + "/"
          + database
          + "?prepareThreshold=0";
    }

    private void accept() {
      try {
        while (true) {
          Socket client = front.accept();
          Socket backend = new Socket(InetAddress.getLoopbackAddress(), behind);
          CountDownLatch answered = new CountDownLatch(1);
          Thread.ofVirtual().start(() -> copy(client, backend, answered));
          Thread.ofVirtual().start(() -> answer(backend, client, answered));
        }
      } catch (IOException e) {
        // Closed.
      }
    }

    private void copy(Socket client, Socket server, CountDownLatch answered) {
      byte[] bytes = new byte[64 * 1024];
      try (client;
          server) {
        InputStream in = client.getInputStream();
        OutputStream out = server.getOutputStream();
        for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
          boolean isCut =
              afterNextCommit && new String(bytes, 0, count, ISO_8859_1).contains(COMMIT);
          if (isCut) {
            afterNextCommit = false;
            client.close();
          }
          out.write(bytes, 0, count);
          if (isCut) {
            // What the server says now is that it has committed, and nobody hears it.
            answered.await();
            return;
          }
        }
      } catch (IOException e) {
        // Either end is gone; both are now.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private static void answer(Socket server, Socket client, CountDownLatch answered) {
      try (server;
          client) {
        server.getInputStream().transferTo(client.getOutputStream());
      } catch (IOException e) {
        // As above.
      } finally {
        answered.countDown();
      }
    }

    @Override
    public void close() throws IOException {
      front.close();
    }
  }
}
