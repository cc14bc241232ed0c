-- Custom fields of a portal, by the object they belong to ("CRM_DEAL"). Values stand in tables of their own, in a
-- column named by the field's id: a removed field keeps its row, so that no other field gets that column.
CREATE TABLE user_field (
  id {ID},
  entity_id {TEXT} NOT NULL,
  field_name {TEXT} NOT NULL,
  user_type_id {TEXT} NOT NULL,
  xml_id {TEXT},
  sort {INT} NOT NULL,
  multiple {TEXT} NOT NULL,
  mandatory {TEXT} NOT NULL,
  show_filter {TEXT} NOT NULL,
  show_in_list {TEXT} NOT NULL,
  edit_in_list {TEXT} NOT NULL,
  is_searchable {TEXT} NOT NULL,
  settings {TEXT} NOT NULL,
  labels {TEXT} NOT NULL,
  created {INT} NOT NULL,
  removed {INT}
);
CREATE UNIQUE INDEX user_field_name ON user_field (entity_id, field_name) WHERE removed IS NULL;

-- What a field of the type enumeration may hold.
CREATE TABLE user_field_enum (
  id {ID},
  field_id {INT} NOT NULL,
  value {TEXT} NOT NULL,
  def {TEXT} NOT NULL,
  sort {INT} NOT NULL,
  xml_id {TEXT} NOT NULL
);
CREATE INDEX user_field_enum_field ON user_field_enum (field_id, sort, id);
