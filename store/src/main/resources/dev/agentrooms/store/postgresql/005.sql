insert into store_state (name, value) values ('reserved', '5');
