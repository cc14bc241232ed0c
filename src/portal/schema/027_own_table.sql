-- What a portal's own tables and columns were made by, line by line as a migration has it: a restore makes them again.
CREATE TABLE own_table (
  id {ID},
  line {TEXT} NOT NULL
);
