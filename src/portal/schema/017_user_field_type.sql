-- Types of custom fields that applications made: "rest_<app_id>_<type_id>".
CREATE TABLE user_field_type (
  id {ID},
  app_id {INT} NOT NULL,
  type_id {TEXT} NOT NULL,
  handler {TEXT} NOT NULL,
  title {TEXT} NOT NULL,
  description {TEXT} NOT NULL,
  options {TEXT} NOT NULL
);
CREATE UNIQUE INDEX user_field_type_id ON user_field_type (app_id, type_id);
