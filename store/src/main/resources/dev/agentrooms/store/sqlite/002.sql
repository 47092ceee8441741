-- Rooms that are filled from outside, for the list.
create table pushed_room (
  session_id text primary key,
  title text not null,
  titled integer not null,
  search text not null,
  running integer not null,
  created_at bigint not null,
  last_active_at bigint not null,
  used_at bigint not null
);
create index pushed_room_newest on pushed_room (last_active_at desc, session_id desc);
create index pushed_room_unused on pushed_room (used_at);
