-- Places of the page for people that applications fill (placement.bind). lang_all and options are JSON.
CREATE TABLE placement (
  id {ID},
  app_id {INT} NOT NULL,
  placement {TEXT} NOT NULL,
  user_id {INT} NOT NULL,
  handler {TEXT} NOT NULL,
  title {TEXT} NOT NULL,
  description {TEXT} NOT NULL,
  group_name {TEXT} NOT NULL,
  lang_all {TEXT} NOT NULL,
  options {TEXT} NOT NULL,
  created {INT} NOT NULL
);
CREATE UNIQUE INDEX placement_handler ON placement (placement, app_id, user_id, handler);
CREATE INDEX placement_app ON placement (app_id);
INSERT INTO rule (name) VALUES ('placement');
