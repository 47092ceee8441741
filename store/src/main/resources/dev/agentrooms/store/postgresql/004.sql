-- Of rooms that have ended, by a digest of their sessions' ids: their next lives have other epochs.
create table room_lives (
  bucket bigint primary key,
  lives bigint not null
);
insert into store_state (name, value)
  values ('epochs', replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''));
