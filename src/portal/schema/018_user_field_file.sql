-- Files of custom fields: the column of the field names one. row_id is the row it belongs to, NULL while that is
-- being added.
CREATE TABLE user_field_file (
  id {ID},
  field_id {INT} NOT NULL,
  row_id {INT},
  name {TEXT} NOT NULL,
  size {INT} NOT NULL,
  content {TEXT} NOT NULL
);
CREATE INDEX user_field_file_row ON user_field_file (field_id, row_id);
CREATE INDEX user_field_file_content ON user_field_file (content);
