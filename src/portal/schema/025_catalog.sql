-- What a portal's catalog is read from has a version: one row. A change of fields, funnels or types raises it
-- in its own transaction; whoever writes holds it, so that nobody writes by an old catalog.
CREATE TABLE catalog (
  id {INT} NOT NULL PRIMARY KEY,
  version {INT} NOT NULL
);
INSERT INTO catalog (id, version) VALUES (1, 1);
