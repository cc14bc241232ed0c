-- A command's entry stands before it begins. 1: it said that it failed; it may have done a part of it.
ALTER TABLE audit ADD COLUMN failed {INT} NOT NULL DEFAULT 0;
