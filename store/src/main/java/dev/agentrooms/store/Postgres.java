package dev.agentrooms.store;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// PostgreSQL: a database on a server, which can be down, and to which other processes write too.
final class Postgres implements Engine {

  private static final int READERS = 4;

  /// Advisory lock for changes of the schema and of data shared by all processes. An arbitrary
  /// number.
  private static final long LOCK = 0x61526d73L;

  // Values of `synchronous_commit` that are durable; with the others a crash of the server loses
  // acknowledged records.
  private static final Set<String> DURABLE = Set.of("on", "remote_apply");

  private final String url;
  private final Properties properties = new Properties();
  private final int writers;

  /// @throws StoreRefused when the URL is invalid, or the server's commits are not durable
  Postgres(StoreSettings settings) {
    url = String.valueOf(settings.url());
    writers = settings.writers();
    if (!isUrl()) {
      throw new StoreRefused("store.url", "must be like jdbc:postgresql://host:5432/database");
    }
    // https://jdbc.postgresql.org/documentation/use/#connection-parameters
    long seconds = Math.max(1, settings.patience().toSeconds());
    set("connectTimeout", seconds);
    set("loginTimeout", seconds);
    // For a server that vanished; otherwise the statement timeout below is reached first.
    set("socketTimeout", seconds + 1);
    set("tcpKeepAlive", true);
    set("ApplicationName", "agent-rooms");
    // A process that vanished or stands still amid a transaction loses its locks before another
    // gives up waiting for them.
    long patience = settings.patience().toMillis();
    set(
        "options",
        "-c statement_timeout="
            + patience
            + " -c idle_in_transaction_session_timeout="
            + patience * 2 / 3
            + " -c timezone=UTC");
    if (settings.user() != null) {
      set("user", settings.user());
    }
    if (settings.password() != null) {
      set("password", settings.password());
    }
    refuseWhatForgets();
  }

  private boolean isUrl() {
    try {
      return url.startsWith("jdbc:postgresql:") && DriverManager.getDriver(url).acceptsURL(url);
    } catch (SQLException e) {
      return false;
    }
  }

  private void set(String name, Object value) {
    properties.setProperty(name, value.toString());
  }

  private void refuseWhatForgets() {
    try (Db db = writer()) {
      String commit = String.valueOf(db.text("show synchronous_commit"));
      if (!DURABLE.contains(commit)) {
        throw new StoreRefused(
            "store.url",
            "the server must have synchronous_commit = on, or it loses what was answered, and has "
                + commit);
      }
    } catch (SQLException e) {
      throw new StoreRefused("store.url", "the server cannot be used: " + e.getMessage());
    }
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(url, properties);
  }

  @Override
  public Db writer() throws SQLException {
    Connection connection = connect();
    try {
      connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
      connection.setAutoCommit(false);
      return new Db(connection);
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  @Override
  public Db reader() throws SQLException {
    Connection connection = connect();
    try {
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      connection.setReadOnly(true);
      connection.setAutoCommit(false);
      return new Db(connection);
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  @Override
  public int writers() {
    return writers;
  }

  @Override
  public int readers() {
    return READERS;
  }

  // https://www.postgresql.org/docs/current/errcodes-appendix.html
  @Override
  public Trouble trouble(SQLException e) {
    String state = e.getSQLState() == null ? "" : e.getSQLState();
    return switch (state) {
      case "53100" -> Trouble.FULL;
      case "40001", "40P01", "55P03" -> Trouble.RACED;
      case "23505" -> Trouble.TAKEN;
      // Read-only after a failover; ended while idle; cancelled by the statement timeout.
      case "25006", "25P03", "57014", "XX001", "XX002" -> Trouble.AWAY;
      default ->
          switch (state.length() < 2 ? "" : state.substring(0, 2)) {
            case "08", "57", "53", "58", "28", "3D" -> Trouble.AWAY;
            default -> Trouble.OTHER;
          };
    };
  }

  @Override
  public boolean failsWhole() {
    return false;
  }

  @Override
  public String schema() {
    return "postgresql";
  }

  @Override
  public void lockSchema(Db db) throws SQLException {
    db.execute("select pg_advisory_xact_lock(" + LOCK + ")");
  }

  @Override
  public void probe(Db db) throws SQLException {
    db.update(
        "insert into store_state (name, value) values ('probe', now()::text)"
            + " on conflict (name) do update set value = excluded.value");
  }

  @Override
  public @Nullable Wal wal() {
    return null;
  }

  @Override
  public void close() {}
}
