-- The funnels of deals and of smart processes. `directory` names the stages of one: rows of crm_status. Deals have a
-- funnel 0, which is theirs by default, and stays so; the ids of all others are given once, whatever their type.
CREATE TABLE category (
  id {ID},
  entity_type_id {INT} NOT NULL,
  name {TEXT} NOT NULL,
  sort {INT} NOT NULL,
  is_default {TEXT} NOT NULL,
  is_system {TEXT} NOT NULL,
  is_locked {TEXT} NOT NULL,
  code {TEXT} NOT NULL,
  created {INT},
  origin_id {TEXT} NOT NULL,
  originator_id {TEXT} NOT NULL,
  directory {TEXT} NOT NULL
);
CREATE INDEX category_type ON category (entity_type_id);
CREATE UNIQUE INDEX category_directory ON category (directory);
INSERT INTO category (id, entity_type_id, name, sort, is_default, is_system, is_locked, code, created, origin_id, originator_id, directory)
  VALUES (0, 2, 'General', 300, 'Y', 'N', 'N', '', NULL, '', '', 'DEAL_STAGE');

-- Whether anything stands in a stage, or in a funnel: asked when one of them goes. Filters use them, too.
CREATE INDEX lead_status ON lead (status_id);
CREATE INDEX deal_stage ON deal (stage_id);
CREATE INDEX deal_category ON deal (category_id) WHERE category_id <> 0;
INSERT INTO rule (name) VALUES ('category');
