-- PHOTO of contacts, LOGO of companies, PERSONAL_PHOTO and WORK_LOGO of people. owner_type_id as in
-- crm.enum.ownertype; 0 is a person.
CREATE TABLE picture (
  id {ID},
  owner_type_id {INT} NOT NULL,
  owner_id {INT} NOT NULL,
  field {TEXT} NOT NULL,
  name {TEXT} NOT NULL,
  size {INT} NOT NULL,
  content {TEXT} NOT NULL
);
CREATE UNIQUE INDEX picture_owner ON picture (owner_type_id, owner_id, field);
CREATE INDEX picture_content ON picture (content);
