-- Where a person is signed in, for his list of sessions; those from before tell nothing of it.
ALTER TABLE session ADD COLUMN created {INT} NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN used {INT} NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN address {TEXT} NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN agent {TEXT} NOT NULL DEFAULT '';
