-- Activities. What each index costs a write stands in DESIGN.md: an update that touches no indexed
-- column is 2.3 times as fast, so last_updated, editor_id and description have none.
CREATE TABLE activity (
  id {ID},
  owner_id {INT} NOT NULL,
  owner_type_id {INT} NOT NULL,
  type_id {INT} NOT NULL,
  provider_id {TEXT} NOT NULL DEFAULT '',
  provider_type_id {TEXT} NOT NULL DEFAULT '',
  provider_group_id {TEXT},
  associated_entity_id {INT} NOT NULL DEFAULT 0,
  subject {TEXT} NOT NULL,
  created {INT} NOT NULL,
  last_updated {INT} NOT NULL,
  start_time {INT} NOT NULL,
  end_time {INT} NOT NULL,
  deadline {INT},
  completed {TEXT} NOT NULL DEFAULT 'N',
  status {INT} NOT NULL DEFAULT 1,
  responsible_id {INT} NOT NULL,
  priority {INT} NOT NULL DEFAULT 2,
  notify_type {INT} NOT NULL DEFAULT 0,
  notify_value {INT} NOT NULL DEFAULT 0,
  description {TEXT} NOT NULL DEFAULT '',
  description_type {INT} NOT NULL DEFAULT 1,
  direction {INT} NOT NULL DEFAULT 0,
  location {TEXT} NOT NULL DEFAULT '',
  settings {TEXT},
  originator_id {TEXT},
  origin_id {TEXT},
  origin_version {TEXT},
  author_id {INT} NOT NULL,
  editor_id {INT} NOT NULL,
  provider_params {TEXT},
  provider_data {TEXT},
  result_mark {INT} NOT NULL DEFAULT 0,
  result_value {REAL},
  result_sum {REAL},
  result_currency_id {TEXT},
  result_status {INT} NOT NULL DEFAULT 0,
  result_stream {INT} NOT NULL DEFAULT 0,
  result_source_id {TEXT},
  autocomplete_rule {INT} NOT NULL DEFAULT 0,
  is_incoming_channel {TEXT} NOT NULL DEFAULT 'N'
);
-- The owner's timeline: filter by owner, and its count.
CREATE INDEX activity_owner ON activity (owner_type_id, owner_id);
-- "My open activities": responsible, then done or not, then when.
CREATE INDEX activity_responsible ON activity (responsible_id, completed, deadline);
-- Overdue and open over the whole portal; also counts COMPLETED.
CREATE INDEX activity_deadline ON activity (completed, deadline);
-- The documented order of a list without `order`.
CREATE INDEX activity_start ON activity (start_time, id);
-- Look-ups of synchronisations; only rows that came from outside are in it.
CREATE INDEX activity_origin ON activity (origin_id, originator_id) WHERE origin_id IS NOT NULL;
@search activity subject description

CREATE TABLE activity_binding (
  id {ID},
  activity_id {INT} NOT NULL,
  owner_type_id {INT} NOT NULL,
  owner_id {INT} NOT NULL
);
CREATE UNIQUE INDEX activity_binding_owner ON activity_binding (owner_type_id, owner_id, activity_id);
CREATE INDEX activity_binding_activity ON activity_binding (activity_id);

CREATE TABLE activity_communication (
  id {ID},
  activity_id {INT} NOT NULL,
  type {TEXT} NOT NULL,
  value {TEXT} NOT NULL,
  entity_id {INT} NOT NULL,
  entity_type_id {INT} NOT NULL,
  entity_settings {TEXT} NOT NULL
);
CREATE INDEX activity_communication_activity ON activity_communication (activity_id);

-- A file of an activity; the bytes lie content-addressed in the data directory.
CREATE TABLE activity_file (
  id {ID},
  activity_id {INT} NOT NULL,
  name {TEXT} NOT NULL,
  size {INT} NOT NULL,
  content {TEXT} NOT NULL
);
CREATE INDEX activity_file_activity ON activity_file (activity_id);
CREATE INDEX activity_file_content ON activity_file (content);
