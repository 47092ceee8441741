package dev.agentrooms.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A connection with its prepared statements. Not thread-safe.
final class Db implements AutoCloseable {

  private final Connection connection;
  private final Map<String, PreparedStatement> prepared = new HashMap<>();

  /// @param connection with auto-commit off
  Db(Connection connection) {
    this.connection = connection;
  }

  /// The prepared statement with these parameters: `Long`, `Integer`, `String`, `byte[]` or null.
  PreparedStatement of(String sql, @Nullable Object... parameters) throws SQLException {
    PreparedStatement statement = prepared.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      prepared.put(sql, statement);
    }
    for (int i = 0; i < parameters.length; i++) {
      set(statement, i + 1, parameters[i]);
    }
    return statement;
  }

  private static void set(PreparedStatement statement, int at, @Nullable Object value)
      throws SQLException {
    switch (value) {
      case Long number -> statement.setLong(at, number);
      case Integer number -> statement.setInt(at, number);
      case String text -> statement.setString(at, text);
      case byte[] bytes -> statement.setBytes(at, bytes);
      case null -> statement.setObject(at, null);
      default -> throw new IllegalArgumentException("no column has a " + value.getClass());
    }
  }

  int update(String sql, @Nullable Object... parameters) throws SQLException {
    return of(sql, parameters).executeUpdate();
  }

  /// Adds a row to the batch of a statement, which [#of] returns.
  void batch(String sql, @Nullable Object... parameters) throws SQLException {
    of(sql, parameters).addBatch();
  }

  /// The rows of a query, which the caller closes.
  ResultSet query(String sql, @Nullable Object... parameters) throws SQLException {
    return of(sql, parameters).executeQuery();
  }

  /// The number that a query returns; `otherwise` for no row or NULL.
  long number(long otherwise, String sql, @Nullable Object... parameters) throws SQLException {
    try (ResultSet rows = query(sql, parameters)) {
      if (!rows.next()) {
        return otherwise;
      }
      long number = rows.getLong(1);
      return rows.wasNull() ? otherwise : number;
    }
  }

  @Nullable String text(String sql, @Nullable Object... parameters) throws SQLException {
    try (ResultSet rows = query(sql, parameters)) {
      return rows.next() ? rows.getString(1) : null;
    }
  }

  /// Executes a statement without caching it.
  void execute(String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  void commit() throws SQLException {
    connection.commit();
  }

  void rollback() throws SQLException {
    connection.rollback();
  }

  Connection connection() {
    return connection;
  }

  /// Closes it; errors are ignored.
  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      // Unusable either way.
    }
  }
}
