-- Rows to lock for rules about rows that are not there: see db_hold_rule.
CREATE TABLE rule (name {TEXT} PRIMARY KEY);
INSERT INTO rule (name) VALUES ('department'), ('event'), ('member'), ('status');
-- How many events lie before it: each was told for a call that answered the one before.
ALTER TABLE event_outbox ADD COLUMN depth {INT} NOT NULL DEFAULT 0;
-- Since when it is on its way: from then on nobody knows whether the relay has it, until that is written down.
ALTER TABLE mail_outbox ADD COLUMN sending {INT};
