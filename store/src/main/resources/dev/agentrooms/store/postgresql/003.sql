-- The processes that share this database; beat_at is by its own clock.
create table members (
  address text primary key,
  uid bigint not null,
  roles text not null,
  beat_at bigint not null
);
