-- Browsers that sign in, and those that have, by a digest of what their cookies say.
create table sign_in (
  id text primary key,
  body text not null,
  expires_at bigint not null
);
create index sign_in_expired on sign_in (expires_at);
