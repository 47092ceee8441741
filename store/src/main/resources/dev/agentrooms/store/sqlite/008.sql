-- How far sessions had delivered to rooms that were forgotten: what they tell again is not new.
create table room_forgotten (
  session_id text primary key,
  life integer not null,
  n integer not null,
  forgotten_at integer not null
);
create index room_forgotten_at on room_forgotten (forgotten_at);
