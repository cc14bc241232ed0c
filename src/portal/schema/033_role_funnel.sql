-- What a role says of one funnel; of the others it says what it says of the type.
CREATE TABLE role_funnel (
  role_id {INT} NOT NULL,
  entity_type_id {INT} NOT NULL,
  category_id {INT} NOT NULL,
  action {TEXT} NOT NULL,
  level {INT} NOT NULL,
  PRIMARY KEY (role_id, entity_type_id, category_id, action)
);
-- The funnel of the owner, copied to each of its bindings like its responsible person. Deals alone had funnels.
ALTER TABLE activity_binding ADD COLUMN category_id {INT} NOT NULL DEFAULT 0;
UPDATE activity_binding SET category_id = (SELECT d.category_id FROM deal d WHERE d.id = owner_id) WHERE owner_type_id = 2
  AND owner_id IN (SELECT d.id FROM deal d WHERE d.category_id <> 0);
