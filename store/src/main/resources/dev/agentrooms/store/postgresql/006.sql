-- Ordinary streams: what is appended to one, in order, and what is known of it. Numbers that there are not are -1.
-- A fork has the epoch of its source, and its events up to fork_at.
create table stream (
  id bigint generated always as identity primary key,
  path text collate "C" not null unique,
  epoch text not null,
  content_type text not null,
  tail bigint not null,
  locks bigint not null,
  closed integer not null,
  closed_by text not null,
  closed_epoch bigint not null,
  closed_seq bigint not null,
  ttl bigint not null,
  expires_at bigint not null,
  due bigint not null,
  writer_seq text not null,
  source bigint not null,
  fork_path text not null,
  fork_seq bigint not null,
  fork_sub bigint not null,
  fork_at bigint not null,
  refs bigint not null,
  gone integer not null
);
create index stream_due on stream (due) where due >= 0;

create table stream_event (
  ord bigint generated always as identity primary key,
  stream bigint not null,
  seq bigint not null,
  body bytea not null
);
create unique index stream_event_at on stream_event (stream, seq);

-- What each idempotent producer has written last.
create table stream_producer (
  stream bigint not null,
  producer text collate "C" not null,
  epoch bigint not null,
  seq bigint not null,
  primary key (stream, producer)
);
