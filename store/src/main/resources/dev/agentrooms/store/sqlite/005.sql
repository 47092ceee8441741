-- Ordinary streams: what is appended to one, in order, and what is known of it. Numbers that there are not are -1.
-- A fork has the epoch of its source, and its events up to fork_at.
create table stream (
  id integer primary key,
  path text not null unique,
  epoch text not null,
  content_type text not null,
  tail integer not null,
  locks integer not null,
  closed integer not null,
  closed_by text not null,
  closed_epoch integer not null,
  closed_seq integer not null,
  ttl integer not null,
  expires_at integer not null,
  due integer not null,
  writer_seq text not null,
  source integer not null,
  fork_path text not null,
  fork_seq integer not null,
  fork_sub integer not null,
  fork_at integer not null,
  refs integer not null,
  gone integer not null
);
create index stream_due on stream (due) where due >= 0;

create table stream_event (
  ord integer primary key,
  stream integer not null,
  seq integer not null,
  body blob not null
);
create unique index stream_event_at on stream_event (stream, seq);

-- What each idempotent producer has written last.
create table stream_producer (
  stream integer not null,
  producer text not null,
  epoch integer not null,
  seq integer not null,
  primary key (stream, producer)
);

-- What wakes workers when streams have something new. A wake that is under way has an id, and a holder where a worker
-- has claimed it; next_at is when the subscription is to be looked at again, -1 for when something is appended.
create table stream_subscription (
  id text primary key not null,
  config text not null,
  pattern text not null,
  generation integer not null,
  wake_id text not null,
  holder text not null,
  lease_until integer not null,
  attempts integer not null,
  next_at integer not null,
  created_at integer not null
);
create index stream_subscription_next on stream_subscription (next_at) where next_at >= 0;

create table stream_link (
  subscription text not null,
  path text not null,
  explicit integer not null,
  matched integer not null,
  epoch text not null,
  acked integer not null,
  primary key (subscription, path)
);
create index stream_link_of on stream_link (path);
