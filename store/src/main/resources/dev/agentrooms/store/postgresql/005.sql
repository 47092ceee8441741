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

-- What wakes workers when streams have something new. A wake that is under way has an id, and a holder where a worker
-- has claimed it; next_at is when the subscription is to be looked at again, -1 for when something is appended.
create table stream_subscription (
  id text collate "C" primary key not null,
  config text not null,
  pattern text not null,
  generation bigint not null,
  wake_id text not null,
  holder text not null,
  lease_until bigint not null,
  attempts bigint not null,
  next_at bigint not null,
  created_at bigint not null
);
create index stream_subscription_next on stream_subscription (next_at) where next_at >= 0;

create table stream_link (
  subscription text collate "C" not null,
  path text collate "C" not null,
  explicit integer not null,
  matched integer not null,
  epoch text not null,
  acked bigint not null,
  primary key (subscription, path)
);
create index stream_link_of on stream_link (path);
