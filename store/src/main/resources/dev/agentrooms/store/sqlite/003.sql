-- As in the other database; a file belongs to one process, so that it stays empty.
create table members (
  address text primary key,
  uid integer not null,
  roles text not null,
  beat_at integer not null
);
