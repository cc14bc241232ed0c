-- Who may do what: roles, and what an activity's reader is found by.

-- Who works where, beside member.uf_department (which keeps the order given). The second index is for
-- "the people of this department".
CREATE TABLE member_department (
  user_id {INT} NOT NULL,
  department_id {INT} NOT NULL,
  PRIMARY KEY (user_id, department_id)
);
CREATE INDEX member_department_people ON member_department (department_id, user_id);
INSERT INTO member_department (user_id, department_id) SELECT m.id, d.id FROM member m JOIN department d ON replace(replace(m.uf_department, '[', ','), ']', ',') LIKE '%,' || CAST(d.id AS TEXT) || ',%';

CREATE TABLE role (id {ID}, name {TEXT} NOT NULL);
CREATE UNIQUE INDEX role_name ON role (name);
-- action: read, add, update, delete, export. level: 0 none, 1 own, 2 department, 3 subtree, 4 all; no
-- row is none.
CREATE TABLE role_permission (
  role_id {INT} NOT NULL,
  entity_type_id {INT} NOT NULL,
  action {TEXT} NOT NULL,
  level {INT} NOT NULL,
  PRIMARY KEY (role_id, entity_type_id, action)
);
-- kind: user, department (with those below it), or all, whose member_id is 0.
CREATE TABLE role_member (
  role_id {INT} NOT NULL,
  kind {TEXT} NOT NULL,
  member_id {INT} NOT NULL,
  PRIMARY KEY (kind, member_id, role_id)
);
-- A portal begins with one role that gives everybody everything.
INSERT INTO role (name) VALUES ('Everything');
INSERT INTO role_permission (role_id, entity_type_id, action, level) SELECT r.id, t.id, a.name, 4 FROM role r CROSS JOIN (SELECT 1 AS id UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4) t CROSS JOIN (SELECT 'read' AS name UNION ALL SELECT 'add' UNION ALL SELECT 'update' UNION ALL SELECT 'delete' UNION ALL SELECT 'export') a;
INSERT INTO role_member (role_id, kind, member_id) SELECT id, 'all', 0 FROM role;

-- The responsible person of the owner, copied to each of its bindings, so that the activities a person
-- may read are a range of an index in the order of their ids. Follows the owner in its transaction.
ALTER TABLE activity_binding ADD COLUMN assigned_by_id {INT} NOT NULL DEFAULT 0;
UPDATE activity_binding SET assigned_by_id = coalesce((SELECT o.assigned_by_id FROM lead o WHERE o.id = owner_id), 0) WHERE owner_type_id = 1;
UPDATE activity_binding SET assigned_by_id = coalesce((SELECT o.assigned_by_id FROM deal o WHERE o.id = owner_id), 0) WHERE owner_type_id = 2;
UPDATE activity_binding SET assigned_by_id = coalesce((SELECT o.assigned_by_id FROM contact o WHERE o.id = owner_id), 0) WHERE owner_type_id = 3;
UPDATE activity_binding SET assigned_by_id = coalesce((SELECT o.assigned_by_id FROM company o WHERE o.id = owner_id), 0) WHERE owner_type_id = 4;
CREATE INDEX activity_binding_assigned ON activity_binding (owner_type_id, assigned_by_id, activity_id);
-- "May this caller see this activity", asked per row of a list: all of the answer stands in the index.
DROP INDEX activity_binding_activity;
CREATE INDEX activity_binding_activity ON activity_binding (activity_id, owner_type_id, assigned_by_id);
-- What a person is responsible for, in the order of ids: the other half of that range.
CREATE INDEX activity_responsible_id ON activity (responsible_id, id);
