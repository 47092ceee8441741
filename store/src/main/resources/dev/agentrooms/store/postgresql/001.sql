-- Times are milliseconds since 1970; used_at counts by a clock that stands still while no process is up.
-- Ids sort by their bytes, as they do in the other database, whatever the server's language.

create table schema_version (version integer not null);

-- What the store knows of itself.
create table store_state (
  name text primary key,
  value text not null
);

create table session (
  session_id text collate "C" primary key,
  generation bigint not null,
  rev bigint not null,
  created_at bigint not null,
  last_active_at bigint not null,
  used_at bigint not null,
  open_since bigint,
  told bigint not null,
  delivered bigint not null,
  life bigint not null,
  line text,
  search text not null
);
create index session_newest on session (last_active_at desc, session_id desc) where line is not null;
create index session_open on session (open_since, session_id) where open_since is not null;
create index session_unused on session (used_at) where open_since is null;

create table session_event (
  session_id text collate "C" not null,
  rev bigint not null,
  body bytea not null,
  primary key (session_id, rev)
);

create table session_snapshot (
  session_id text collate "C" primary key,
  rev bigint not null,
  body bytea not null
);

create table session_name (
  name text collate "C" primary key,
  session_id text collate "C" not null
);
create index session_name_of on session_name (session_id);

create table room (
  id bigint generated always as identity primary key,
  session_id text collate "C" not null unique,
  epoch text not null,
  generation bigint not null,
  used_at bigint not null,
  life bigint not null,
  n bigint not null
);
create index room_unused on room (used_at);

create table room_event (
  ord bigint generated always as identity primary key,
  room bigint not null,
  seq bigint not null,
  event_id bytea not null,
  body bytea not null
);
create unique index room_event_at on room_event (room, seq);
