-- The timeline of a card: comments and log messages, bound to the rows at whose cards they show. Activities have
-- tables of their own (activity, activity_binding); notes and pins are of both.
CREATE TABLE timeline_entry (
  id {ID},
  kind {TEXT} NOT NULL,
  created {INT} NOT NULL,
  author_id {INT} NOT NULL,
  app_id {INT} NOT NULL DEFAULT 0,
  title {TEXT},
  text {TEXT} NOT NULL,
  icon {TEXT}
);
-- kind, created and author are the entry's: the page of a card is a range of one index, in each order there is.
CREATE TABLE timeline_binding (
  owner_type_id {INT} NOT NULL,
  owner_id {INT} NOT NULL,
  entry_id {INT} NOT NULL,
  kind {TEXT} NOT NULL,
  created {INT} NOT NULL,
  author_id {INT} NOT NULL,
  pinned {INT} NOT NULL DEFAULT 0,
  PRIMARY KEY (owner_type_id, owner_id, entry_id)
);
CREATE INDEX timeline_binding_entry ON timeline_binding (entry_id);
CREATE INDEX timeline_binding_id ON timeline_binding (owner_type_id, owner_id, kind, entry_id);
CREATE INDEX timeline_binding_time ON timeline_binding (owner_type_id, owner_id, kind, created, entry_id);
CREATE TABLE timeline_file (
  id {ID},
  entry_id {INT} NOT NULL,
  name {TEXT} NOT NULL,
  size {INT} NOT NULL,
  created {INT} NOT NULL,
  author_id {INT} NOT NULL,
  content {TEXT} NOT NULL
);
CREATE INDEX timeline_file_entry ON timeline_file (entry_id);
CREATE INDEX timeline_file_content ON timeline_file (content);
-- item_type: 1 an entry, 2 an activity.
CREATE TABLE timeline_note (
  owner_type_id {INT} NOT NULL,
  owner_id {INT} NOT NULL,
  item_type {INT} NOT NULL,
  item_id {INT} NOT NULL,
  text {TEXT} NOT NULL,
  created {INT} NOT NULL,
  created_by {INT} NOT NULL,
  updated {INT} NOT NULL,
  updated_by {INT} NOT NULL,
  PRIMARY KEY (owner_type_id, owner_id, item_type, item_id)
);
CREATE INDEX timeline_note_item ON timeline_note (item_type, item_id);
