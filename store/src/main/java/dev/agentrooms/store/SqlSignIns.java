package dev.agentrooms.store;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/// Sign-ins over SQL.
record SqlSignIns(Lanes lanes, Reads reads) implements SignInStore {

  private static final String PUT =
      "insert into sign_in (id, body, expires_at) values (?, ?, ?)"
          + " on conflict (id) do update set body = excluded.body, expires_at = excluded.expires_at";
  private static final String FIND = "select body from sign_in where id = ? and expires_at > ?";
  private static final String TAKE =
      "delete from sign_in where id = ? and expires_at > ? returning body";
  private static final String EXPIRED = "delete from sign_in where expires_at <= ?";

  @Override
  public CompletionStage<Void> put(String id, String body, Instant until) {
    return lanes
        .ask(id, 0, transaction -> transaction.db().update(PUT, id, body, until.toEpochMilli()))
        .thenApply(done -> null);
  }

  @Override
  public CompletionStage<Optional<String>> find(String id, Instant now) {
    return reads.read(
        db -> Optional.ofNullable(db.text(FIND, id, now.toEpochMilli())), Optional.empty());
  }

  @Override
  public CompletionStage<Optional<String>> take(String id, Instant now) {
    return lanes.ask(
        id,
        Optional.empty(),
        transaction -> Optional.ofNullable(transaction.db().text(TAKE, id, now.toEpochMilli())));
  }

  @Override
  public CompletionStage<Void> forgetExpired(Instant now) {
    return lanes
        .ask("", 0, transaction -> transaction.db().update(EXPIRED, now.toEpochMilli()))
        .thenApply(done -> null);
  }
}
