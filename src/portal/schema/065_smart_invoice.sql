-- Invoices (entityTypeId 31): one funnel to begin with, whose number names its directory and stages.
CREATE TABLE smart_invoice (
  id {ID},
  account_number {TEXT},
  xml_id {TEXT},
  title {TEXT},
  title_key {TEXT},
  category_id {INT} NOT NULL,
  stage_id {TEXT} NOT NULL,
  stage_semantic_id {TEXT} NOT NULL,
  previous_stage_id {TEXT},
  moved_by_id {INT},
  moved_time {INT},
  begindate {INT},
  closedate {INT},
  company_id {INT},
  contact_id {INT},
  mycompany_id {INT},
  opened {TEXT} NOT NULL,
  opportunity {REAL} NOT NULL,
  is_manual_opportunity {TEXT} NOT NULL,
  tax_value {REAL} NOT NULL,
  currency_id {TEXT},
  source_id {TEXT},
  source_description {TEXT},
  comments {TEXT},
  location_id {TEXT},
  webform_id {INT},
  assigned_by_id {INT} NOT NULL,
  created_by_id {INT} NOT NULL,
  modify_by_id {INT} NOT NULL,
  date_create {INT} NOT NULL,
  date_modify {INT} NOT NULL,
  last_activity_time {INT},
  last_activity_by {INT},
  utm_source {TEXT},
  utm_medium {TEXT},
  utm_campaign {TEXT},
  utm_content {TEXT},
  utm_term {TEXT}
);
CREATE INDEX smart_invoice_number ON smart_invoice (account_number);
CREATE INDEX smart_invoice_title ON smart_invoice (title_key) WHERE title_key IS NOT NULL;
CREATE INDEX smart_invoice_assigned ON smart_invoice (assigned_by_id);
CREATE INDEX smart_invoice_stage ON smart_invoice (stage_id);
CREATE INDEX smart_invoice_category ON smart_invoice (category_id);
CREATE INDEX smart_invoice_company ON smart_invoice (company_id) WHERE company_id IS NOT NULL;
CREATE INDEX smart_invoice_main ON smart_invoice (contact_id) WHERE contact_id IS NOT NULL;
CREATE INDEX smart_invoice_mycompany ON smart_invoice (mycompany_id) WHERE mycompany_id IS NOT NULL;
CREATE TABLE smart_invoice_contact (
  invoice_id {INT} NOT NULL,
  contact_id {INT} NOT NULL,
  sort {INT} NOT NULL,
  role_id {INT} NOT NULL DEFAULT 0,
  PRIMARY KEY (invoice_id, contact_id)
);
CREATE INDEX smart_invoice_contact_contact ON smart_invoice_contact (contact_id);

INSERT INTO category (entity_type_id, name, sort, is_default, is_system, is_locked, code, created, origin_id, originator_id, directory)
  VALUES (31, 'General', 500, 'Y', 'N', 'N', '', NULL, '', '', 'SMART_INVOICE_STAGE');
UPDATE category SET directory = 'SMART_INVOICE_STAGE_' || id WHERE entity_type_id = 31;
INSERT INTO crm_status (entity_id, status_id, sort, name, name_init, system, category_id, color, semantics)
  SELECT directory, 'DT31_' || id || ':N', 10, 'New', 'New', 'Y', id, '#22B9FF', NULL FROM category WHERE entity_type_id = 31
  UNION ALL SELECT directory, 'DT31_' || id || ':S', 20, 'Sent to client', '', 'N', id, '#88B9FF', NULL FROM category WHERE entity_type_id = 31
  UNION ALL SELECT directory, 'DT31_' || id || ':P', 30, 'Paid', 'Paid', 'Y', id, '#00FF00', 'S' FROM category WHERE entity_type_id = 31
  UNION ALL SELECT directory, 'DT31_' || id || ':D', 40, 'Not paid', 'Not paid', 'Y', id, '#FF0000', 'F' FROM category WHERE entity_type_id = 31;
