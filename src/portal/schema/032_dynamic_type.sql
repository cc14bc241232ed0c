-- Smart processes: the types that a portal makes for itself. The rows of one stand in a table item_<id> of its own
-- (crm/dynamic_table). Neither id nor entity_type_id is given twice: a removed type's row stays.
CREATE TABLE dynamic_type (
  id {ID},
  entity_type_id {INT} NOT NULL,
  title {TEXT} NOT NULL,
  code {TEXT} NOT NULL,
  created_by {INT} NOT NULL,
  updated_by {INT} NOT NULL,
  created_time {INT} NOT NULL,
  updated_time {INT} NOT NULL,
  custom_section_id {INT},
  is_categories_enabled {TEXT} NOT NULL,
  is_stages_enabled {TEXT} NOT NULL,
  is_begin_close_dates_enabled {TEXT} NOT NULL,
  is_client_enabled {TEXT} NOT NULL,
  is_use_in_userfield_enabled {TEXT} NOT NULL,
  is_link_with_products_enabled {TEXT} NOT NULL,
  is_mycompany_enabled {TEXT} NOT NULL,
  is_documents_enabled {TEXT} NOT NULL,
  is_source_enabled {TEXT} NOT NULL,
  is_observers_enabled {TEXT} NOT NULL,
  is_recyclebin_enabled {TEXT} NOT NULL,
  is_automation_enabled {TEXT} NOT NULL,
  is_biz_proc_enabled {TEXT} NOT NULL,
  is_set_open_permissions {TEXT} NOT NULL,
  linked_user_fields {TEXT} NOT NULL,
  removed {INT}
);
CREATE UNIQUE INDEX dynamic_type_number ON dynamic_type (entity_type_id);
-- Whose rows may be parents of whose: children have a field PARENT_ID_<entity_type_id of the parent>.
CREATE TABLE dynamic_relation (
  parent_type_id {INT} NOT NULL,
  child_type_id {INT} NOT NULL,
  is_children_list {TEXT} NOT NULL,
  PRIMARY KEY (parent_type_id, child_type_id)
);
-- The parents of rows. A child has one of each type.
CREATE TABLE item_parent (
  child_type_id {INT} NOT NULL,
  child_id {INT} NOT NULL,
  parent_type_id {INT} NOT NULL,
  parent_id {INT} NOT NULL,
  PRIMARY KEY (child_type_id, child_id, parent_type_id)
);
CREATE INDEX item_parent_parent ON item_parent (parent_type_id, parent_id, child_type_id);
-- Digital workplaces, and which smart processes stand in them (dynamic_type.custom_section_id).
CREATE TABLE automated_solution (
  id {ID},
  title {TEXT} NOT NULL
);
INSERT INTO rule (name) VALUES ('dynamic_type');
