-- Who hears of what. kind: 'A' an application (subscriber_id: app.id), 'H' an outgoing webhook
-- (outgoing_hook.id). A target is an address of a subscriber: what goes there keeps its order. Offline
-- events have none (0); they wait in event_offline.
CREATE TABLE event_target (
  id {ID},
  kind {TEXT} NOT NULL,
  subscriber_id {INT} NOT NULL,
  handler {TEXT} NOT NULL
);
CREATE UNIQUE INDEX event_target_one ON event_target (kind, subscriber_id, handler);

CREATE TABLE event_handler (
  id {ID},
  event {TEXT} NOT NULL,
  target_id {INT} NOT NULL,
  kind {TEXT} NOT NULL,
  subscriber_id {INT} NOT NULL,
  auth_type {INT} NOT NULL DEFAULT 0,
  offline {INT} NOT NULL DEFAULT 0,
  connector {TEXT} NOT NULL DEFAULT '',
  min_timeout {INT} NOT NULL DEFAULT 1,
  last_notified {INT} NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX event_handler_one
  ON event_handler (event, offline, kind, subscriber_id, target_id, auth_type, connector);

CREATE TABLE outgoing_hook (
  id {ID},
  title {TEXT} NOT NULL,
  created {INT} NOT NULL
);

-- What is still to be delivered: one row per event and handler, in the transaction of the change.
-- data is the form-encoded part of the body that the event brings.
CREATE TABLE event_outbox (
  id {ID},
  target_id {INT} NOT NULL,
  handler_id {INT} NOT NULL,
  event {TEXT} NOT NULL,
  data {TEXT} NOT NULL,
  user_id {INT} NOT NULL,
  created {INT} NOT NULL,
  attempts {INT} NOT NULL DEFAULT 0,
  gave_up {INT},
  last_error {TEXT} NOT NULL DEFAULT ''
);
CREATE INDEX event_outbox_next ON event_outbox (target_id, id) WHERE gave_up IS NULL;

-- The queues of offline events: one row per application, source, event and object, until it is taken.
CREATE TABLE event_offline (
  id {ID},
  app_id {INT} NOT NULL,
  connector {TEXT} NOT NULL,
  event_name {TEXT} NOT NULL,
  event_data {TEXT} NOT NULL,
  timestamp_x {INT} NOT NULL,
  process_id {TEXT} NOT NULL DEFAULT '',
  error {INT} NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX event_offline_one
  ON event_offline (app_id, connector, process_id, event_name, event_data);

-- With several servers on one database, one of them delivers: who, and until when.
CREATE TABLE event_lease (
  id {INT} PRIMARY KEY,
  owner {TEXT} NOT NULL,
  until {INT} NOT NULL
);
