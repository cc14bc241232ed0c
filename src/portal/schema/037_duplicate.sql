-- Fields that people want duplicates to be searched by, beside names, phones and addresses (crm.duplicate.volatileType).
CREATE TABLE duplicate_field (
  id {ID},
  entity_type_id {INT} NOT NULL,
  field_code {TEXT} NOT NULL
);
CREATE UNIQUE INDEX duplicate_field_one ON duplicate_field (entity_type_id, field_code);
INSERT INTO rule (name) VALUES ('duplicate');
