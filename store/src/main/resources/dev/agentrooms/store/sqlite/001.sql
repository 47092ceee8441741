-- Times are milliseconds since 1970; used_at counts by a clock that stands still while no process is up.

create table schema_version (version integer not null);

-- What the store knows of itself.
create table store_state (
  name text primary key not null,
  value text not null
);

create table session (
  session_id text primary key not null,
  generation integer not null,
  rev integer not null,
  created_at integer not null,
  last_active_at integer not null,
  used_at integer not null,
  open_since integer,
  told integer not null,
  delivered integer not null,
  life integer not null,
  line text,
  search text not null
);
create index session_newest on session (last_active_at desc, session_id desc) where line is not null;
create index session_open on session (open_since, session_id) where open_since is not null;
create index session_unused on session (used_at) where open_since is null;

create table session_event (
  session_id text not null,
  rev integer not null,
  body blob not null,
  primary key (session_id, rev)
);

create table session_snapshot (
  session_id text primary key not null,
  rev integer not null,
  body blob not null
);

create table session_name (
  name text primary key not null,
  session_id text not null
);
create index session_name_of on session_name (session_id);

create table room (
  id integer primary key,
  session_id text not null unique,
  epoch text not null,
  generation integer not null,
  used_at integer not null,
  life integer not null,
  n integer not null
);
create index room_unused on room (used_at);

-- In order of commit: rows of one room are far apart, so that writing them touches few pages.
create table room_event (
  ord integer primary key,
  room integer not null,
  seq integer not null,
  event_id blob not null,
  body blob not null
);
create unique index room_event_at on room_event (room, seq);
