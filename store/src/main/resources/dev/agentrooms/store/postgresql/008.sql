-- How far sessions had delivered to rooms that were forgotten: what they tell again is not new.
create table room_forgotten (
  session_id text collate "C" primary key,
  life bigint not null,
  n bigint not null,
  forgotten_at bigint not null
);
create index room_forgotten_at on room_forgotten (forgotten_at);
