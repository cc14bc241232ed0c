-- What is planned at a card is found without looking at all that was done there.
ALTER TABLE activity_binding ADD COLUMN planned {INT} NOT NULL DEFAULT 0;
UPDATE activity_binding SET planned = 1 WHERE activity_id IN (SELECT a.id FROM activity a WHERE a.completed = 'N');
CREATE INDEX activity_binding_planned ON activity_binding (owner_type_id, owner_id, activity_id) WHERE planned = 1;
