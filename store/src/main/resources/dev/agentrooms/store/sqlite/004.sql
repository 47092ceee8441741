-- Of rooms that have ended, by a digest of their sessions' ids: their next lives have other epochs.
create table room_lives (
  bucket integer primary key,
  lives integer not null
);
insert into store_state (name, value) values ('epochs', lower(hex(randomblob(32))));
