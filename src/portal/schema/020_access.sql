-- What a role says of types that it does not name: entity_type_id 0. A role that is there says of them what it says of
-- all four that there were: its least level.
INSERT INTO role_permission (role_id, entity_type_id, action, level) SELECT p.role_id, 0, p.action, min(p.level) FROM role_permission p WHERE p.entity_type_id IN (1, 2, 3, 4) GROUP BY p.role_id, p.action HAVING count(*) = 4;
