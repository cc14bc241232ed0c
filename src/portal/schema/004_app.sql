-- Applications, and what they and people sign in with. Secrets, codes, tokens and sessions are kept as
-- keyed hashes only; a password is in libsodium's argon2id form.
ALTER TABLE member ADD COLUMN password_hash {TEXT} NOT NULL DEFAULT '';

CREATE TABLE app (
  id {ID},
  client_id {TEXT} NOT NULL,
  secret_hash {TEXT} NOT NULL,
  name {TEXT} NOT NULL,
  redirect_uri {TEXT} NOT NULL,
  handler {TEXT} NOT NULL,
  install_url {TEXT} NOT NULL,
  scope {TEXT} NOT NULL,
  server_side {TEXT} NOT NULL,
  version {INT} NOT NULL DEFAULT 1,
  payment_expired {TEXT} NOT NULL DEFAULT 'N',
  users {TEXT} NOT NULL DEFAULT '',
  installer_id {INT} NOT NULL,
  created {INT} NOT NULL,
  revoked {INT}
);
CREATE UNIQUE INDEX app_client ON app (client_id);

-- Who let which application act for him, and with which scope.
CREATE TABLE app_consent (
  app_id {INT} NOT NULL,
  user_id {INT} NOT NULL,
  scope {TEXT} NOT NULL,
  created {INT} NOT NULL,
  PRIMARY KEY (app_id, user_id)
);

-- A code of /oauth/authorize/: for thirty seconds and once.
CREATE TABLE oauth_code (
  code_hash {TEXT} PRIMARY KEY,
  app_id {INT} NOT NULL,
  user_id {INT} NOT NULL,
  expires {INT} NOT NULL
);

-- A pair of tokens. `ended`: the refresh token was used or taken back.
CREATE TABLE oauth_token (
  id {ID},
  app_id {INT} NOT NULL,
  user_id {INT} NOT NULL,
  scope {TEXT} NOT NULL,
  access_hash {TEXT} NOT NULL,
  access_expires {INT} NOT NULL,
  refresh_hash {TEXT} NOT NULL,
  refresh_expires {INT} NOT NULL,
  ended {INT}
);
CREATE UNIQUE INDEX oauth_token_access ON oauth_token (access_hash);
CREATE UNIQUE INDEX oauth_token_refresh ON oauth_token (refresh_hash);
CREATE INDEX oauth_token_expires ON oauth_token (refresh_expires);

-- Who is signed in in a browser.
CREATE TABLE session (
  session_hash {TEXT} PRIMARY KEY,
  user_id {INT} NOT NULL,
  expires {INT} NOT NULL
);

-- Failed attempts to sign in, by login and by address.
CREATE TABLE signin_failure (
  subject {TEXT} PRIMARY KEY,
  failures {INT} NOT NULL,
  last_failure {INT} NOT NULL
);
