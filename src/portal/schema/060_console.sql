-- The page for people. Its tokens belong to a session and end with it; a link signs its user in, once. Both are
-- kept as keyed hashes.
CREATE TABLE console_token (
  token_hash {TEXT} PRIMARY KEY,
  session_hash {TEXT} NOT NULL,
  user_id {INT} NOT NULL,
  expires {INT} NOT NULL
);
CREATE INDEX console_token_session ON console_token (session_hash);
CREATE INDEX console_token_expires ON console_token (expires);
CREATE TABLE console_link (
  link_hash {TEXT} PRIMARY KEY,
  user_id {INT} NOT NULL,
  expires {INT} NOT NULL
);
CREATE INDEX session_of_user ON session (user_id);
