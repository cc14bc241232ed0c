-- The portal itself: settings, people, credentials.
CREATE TABLE setting (name {TEXT} PRIMARY KEY, value {TEXT} NOT NULL);

CREATE TABLE department (
  id {ID},
  name {TEXT} NOT NULL,
  sort {INT} NOT NULL DEFAULT 500,
  parent_id {INT},
  head_id {INT}
);

-- Not "user": that word is reserved in PostgreSQL.
CREATE TABLE member (
  id {ID},
  active {TEXT} NOT NULL DEFAULT 'Y',
  is_admin {TEXT} NOT NULL DEFAULT 'N',
  login {TEXT} NOT NULL,
  email {TEXT} NOT NULL DEFAULT '',
  name {TEXT} NOT NULL DEFAULT '',
  last_name {TEXT} NOT NULL DEFAULT '',
  second_name {TEXT} NOT NULL DEFAULT '',
  title {TEXT} NOT NULL DEFAULT '',
  xml_id {TEXT} NOT NULL DEFAULT '',
  date_register {INT} NOT NULL,
  last_login {INT},
  last_activity {INT},
  updated {INT} NOT NULL,
  time_zone {TEXT} NOT NULL DEFAULT '',
  user_type {TEXT} NOT NULL DEFAULT 'employee',
  personal_birthday {INT},
  personal_gender {TEXT} NOT NULL DEFAULT '',
  personal_profession {TEXT} NOT NULL DEFAULT '',
  personal_www {TEXT} NOT NULL DEFAULT '',
  personal_icq {TEXT} NOT NULL DEFAULT '',
  personal_phone {TEXT} NOT NULL DEFAULT '',
  personal_fax {TEXT} NOT NULL DEFAULT '',
  personal_mobile {TEXT} NOT NULL DEFAULT '',
  personal_pager {TEXT} NOT NULL DEFAULT '',
  personal_street {TEXT} NOT NULL DEFAULT '',
  personal_city {TEXT} NOT NULL DEFAULT '',
  personal_state {TEXT} NOT NULL DEFAULT '',
  personal_zip {TEXT} NOT NULL DEFAULT '',
  personal_country {TEXT} NOT NULL DEFAULT '',
  personal_mailbox {TEXT} NOT NULL DEFAULT '',
  personal_notes {TEXT} NOT NULL DEFAULT '',
  work_phone {TEXT} NOT NULL DEFAULT '',
  work_company {TEXT} NOT NULL DEFAULT '',
  work_position {TEXT} NOT NULL DEFAULT '',
  work_department {TEXT} NOT NULL DEFAULT '',
  work_www {TEXT} NOT NULL DEFAULT '',
  work_fax {TEXT} NOT NULL DEFAULT '',
  work_pager {TEXT} NOT NULL DEFAULT '',
  work_street {TEXT} NOT NULL DEFAULT '',
  work_mailbox {TEXT} NOT NULL DEFAULT '',
  work_city {TEXT} NOT NULL DEFAULT '',
  work_state {TEXT} NOT NULL DEFAULT '',
  work_zip {TEXT} NOT NULL DEFAULT '',
  work_country {TEXT} NOT NULL DEFAULT '',
  work_profile {TEXT} NOT NULL DEFAULT '',
  work_notes {TEXT} NOT NULL DEFAULT '',
  uf_skype_link {TEXT} NOT NULL DEFAULT '',
  uf_zoom {TEXT} NOT NULL DEFAULT '',
  uf_timeman {TEXT} NOT NULL DEFAULT '',
  uf_interests {TEXT} NOT NULL DEFAULT '',
  uf_skills {TEXT} NOT NULL DEFAULT '',
  uf_web_sites {TEXT} NOT NULL DEFAULT '',
  uf_xing {TEXT} NOT NULL DEFAULT '',
  uf_linkedin {TEXT} NOT NULL DEFAULT '',
  uf_facebook {TEXT} NOT NULL DEFAULT '',
  uf_twitter {TEXT} NOT NULL DEFAULT '',
  uf_skype {TEXT} NOT NULL DEFAULT '',
  uf_district {TEXT} NOT NULL DEFAULT '',
  uf_department {TEXT} NOT NULL DEFAULT '[1]',
  uf_phone_inner {TEXT} NOT NULL DEFAULT '',
  uf_employment_date {INT}
);
CREATE UNIQUE INDEX member_login ON member (login);

-- Incoming webhooks. The code itself is shown once; here is its keyed hash.
CREATE TABLE webhook (
  id {ID},
  user_id {INT} NOT NULL,
  code_hash {TEXT} NOT NULL,
  scope {TEXT} NOT NULL,
  title {TEXT} NOT NULL DEFAULT '',
  created {INT} NOT NULL,
  revoked {INT}
);
CREATE UNIQUE INDEX webhook_hash ON webhook (code_hash);
