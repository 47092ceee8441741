-- Whom sessions belong to, and the events of their rooms; null for nobody.
alter table session add column owner text;
create index session_own on session (owner, last_active_at desc, session_id desc) where line is not null;
alter table room add column owner text;
