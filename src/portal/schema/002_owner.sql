-- The owners of activities: leads, deals, contacts, companies; what hangs on them; directories.
-- Times are seconds since 1970, money is REAL, flags are 'Y' and 'N'.
-- Each index below names the look-up it is for. It costs a write only where its column changes, so
-- none stands on a column that every update touches (date_modify, modify_by_id).
CREATE TABLE lead (
  id {ID},
  title {TEXT},
  honorific {TEXT},
  name {TEXT},
  second_name {TEXT},
  last_name {TEXT},
  birthdate {INT},
  company_title {TEXT},
  source_id {TEXT},
  source_description {TEXT},
  status_id {TEXT} NOT NULL,
  status_description {TEXT},
  status_semantic_id {TEXT} NOT NULL,
  post {TEXT},
  address {TEXT},
  address_2 {TEXT},
  address_city {TEXT},
  address_postal_code {TEXT},
  address_region {TEXT},
  address_province {TEXT},
  address_country {TEXT},
  address_country_code {TEXT},
  address_loc_addr_id {INT},
  currency_id {TEXT},
  opportunity {REAL},
  is_manual_opportunity {TEXT} NOT NULL,
  opened {TEXT} NOT NULL,
  comments {TEXT},
  has_phone {TEXT} NOT NULL,
  has_email {TEXT} NOT NULL,
  has_imol {TEXT} NOT NULL,
  assigned_by_id {INT} NOT NULL,
  created_by_id {INT} NOT NULL,
  modify_by_id {INT} NOT NULL,
  moved_by_id {INT},
  date_create {INT} NOT NULL,
  date_modify {INT} NOT NULL,
  moved_time {INT},
  company_id {INT},
  contact_id {INT},
  is_return_customer {TEXT} NOT NULL,
  date_closed {INT},
  originator_id {TEXT},
  origin_id {TEXT},
  utm_source {TEXT},
  utm_medium {TEXT},
  utm_campaign {TEXT},
  utm_content {TEXT},
  utm_term {TEXT},
  last_activity_time {INT},
  last_activity_by {INT}
);
-- "My leads": the list by responsible person. One entry a lead, rewritten when it is handed over.
CREATE INDEX lead_assigned ON lead (assigned_by_id);
-- The leads of a client, and the clean-up when the client is deleted. Most leads have none.
CREATE INDEX lead_company ON lead (company_id) WHERE company_id IS NOT NULL;
CREATE INDEX lead_contact_main ON lead (contact_id) WHERE contact_id IS NOT NULL;
-- The look-up by the other system's id, before every import of a row. Costs nothing without one.
CREATE INDEX lead_origin ON lead (origin_id) WHERE origin_id IS NOT NULL;
-- Substring filters on the names; written on add and when one of these columns changes.
@search lead title name second_name last_name company_title

CREATE TABLE deal (
  id {ID},
  title {TEXT},
  type_id {TEXT},
  category_id {INT} NOT NULL,
  stage_id {TEXT} NOT NULL,
  stage_semantic_id {TEXT} NOT NULL,
  is_new {TEXT} NOT NULL,
  is_recurring {TEXT} NOT NULL,
  is_return_customer {TEXT} NOT NULL,
  is_repeated_approach {TEXT} NOT NULL,
  probability {INT},
  currency_id {TEXT},
  opportunity {REAL},
  is_manual_opportunity {TEXT} NOT NULL,
  tax_value {REAL},
  company_id {INT},
  contact_id {INT},
  quote_id {INT},
  begindate {INT},
  closedate {INT},
  opened {TEXT} NOT NULL,
  closed {TEXT} NOT NULL,
  comments {TEXT},
  assigned_by_id {INT} NOT NULL,
  created_by_id {INT} NOT NULL,
  modify_by_id {INT} NOT NULL,
  moved_by_id {INT},
  date_create {INT} NOT NULL,
  date_modify {INT} NOT NULL,
  moved_time {INT},
  source_id {TEXT},
  source_description {TEXT},
  lead_id {INT},
  additional_info {TEXT},
  location_id {TEXT},
  originator_id {TEXT},
  origin_id {TEXT},
  utm_source {TEXT},
  utm_medium {TEXT},
  utm_campaign {TEXT},
  utm_content {TEXT},
  utm_term {TEXT},
  last_activity_time {INT},
  last_activity_by {INT}
);
-- As for leads.
CREATE INDEX deal_assigned ON deal (assigned_by_id);
CREATE INDEX deal_company ON deal (company_id) WHERE company_id IS NOT NULL;
CREATE INDEX deal_contact_main ON deal (contact_id) WHERE contact_id IS NOT NULL;
CREATE INDEX deal_origin ON deal (origin_id) WHERE origin_id IS NOT NULL;
@search deal title

CREATE TABLE contact (
  id {ID},
  honorific {TEXT},
  name {TEXT},
  second_name {TEXT},
  last_name {TEXT},
  birthdate {INT},
  type_id {TEXT},
  source_id {TEXT},
  source_description {TEXT},
  post {TEXT},
  address {TEXT},
  address_2 {TEXT},
  address_city {TEXT},
  address_postal_code {TEXT},
  address_region {TEXT},
  address_province {TEXT},
  address_country {TEXT},
  address_country_code {TEXT},
  address_loc_addr_id {INT},
  comments {TEXT},
  opened {TEXT} NOT NULL,
  export {TEXT} NOT NULL,
  has_phone {TEXT} NOT NULL,
  has_email {TEXT} NOT NULL,
  has_imol {TEXT} NOT NULL,
  assigned_by_id {INT} NOT NULL,
  created_by_id {INT} NOT NULL,
  modify_by_id {INT} NOT NULL,
  date_create {INT} NOT NULL,
  date_modify {INT} NOT NULL,
  company_id {INT},
  lead_id {INT},
  originator_id {TEXT},
  origin_id {TEXT},
  origin_version {TEXT},
  face_id {INT},
  utm_source {TEXT},
  utm_medium {TEXT},
  utm_campaign {TEXT},
  utm_content {TEXT},
  utm_term {TEXT},
  last_activity_time {INT},
  last_activity_by {INT}
);
-- As for leads.
CREATE INDEX contact_assigned ON contact (assigned_by_id);
CREATE INDEX contact_company_main ON contact (company_id) WHERE company_id IS NOT NULL;
CREATE INDEX contact_origin ON contact (origin_id) WHERE origin_id IS NOT NULL;
@search contact name second_name last_name

CREATE TABLE company (
  id {ID},
  title {TEXT} NOT NULL,
  company_type {TEXT},
  address {TEXT},
  address_2 {TEXT},
  address_city {TEXT},
  address_postal_code {TEXT},
  address_region {TEXT},
  address_province {TEXT},
  address_country {TEXT},
  address_country_code {TEXT},
  address_loc_addr_id {INT},
  address_legal {TEXT},
  reg_address {TEXT},
  reg_address_2 {TEXT},
  reg_address_city {TEXT},
  reg_address_postal_code {TEXT},
  reg_address_region {TEXT},
  reg_address_province {TEXT},
  reg_address_country {TEXT},
  reg_address_country_code {TEXT},
  reg_address_loc_addr_id {INT},
  banking_details {TEXT},
  industry {TEXT},
  employees {TEXT},
  currency_id {TEXT},
  revenue {REAL},
  opened {TEXT} NOT NULL,
  comments {TEXT},
  has_phone {TEXT} NOT NULL,
  has_email {TEXT} NOT NULL,
  has_imol {TEXT} NOT NULL,
  is_my_company {TEXT} NOT NULL,
  assigned_by_id {INT} NOT NULL,
  created_by_id {INT} NOT NULL,
  modify_by_id {INT} NOT NULL,
  date_create {INT} NOT NULL,
  date_modify {INT} NOT NULL,
  lead_id {INT},
  originator_id {TEXT},
  origin_id {TEXT},
  origin_version {TEXT},
  utm_source {TEXT},
  utm_medium {TEXT},
  utm_campaign {TEXT},
  utm_content {TEXT},
  utm_term {TEXT},
  last_activity_time {INT},
  last_activity_by {INT},
  last_communication_time {TEXT}
);
-- As for leads.
CREATE INDEX company_assigned ON company (assigned_by_id);
CREATE INDEX company_origin ON company (origin_id) WHERE origin_id IS NOT NULL;
@search company title

-- Phones, e-mail addresses, sites, messengers: any number of each at a lead, contact or company.
CREATE TABLE multifield (
  id {ID},
  entity_id {TEXT} NOT NULL,
  element_id {INT} NOT NULL,
  type_id {TEXT} NOT NULL,
  value_type {TEXT} NOT NULL,
  value {TEXT} NOT NULL
);
-- All values of one owner: every get, every selected page, every write.
CREATE INDEX multifield_element ON multifield (entity_id, element_id);
-- "Whose phone is this": the filter by exact value, which telephony asks on every call.
CREATE INDEX multifield_value ON multifield (type_id, value);

-- Who belongs to whom. The owner's own column (contact_id, company_id) names the main one of these;
-- sort keeps the order in which they were given. The second index of each is for the other
-- direction, and for the clean-up when that side is deleted.
CREATE TABLE lead_contact (
  lead_id {INT} NOT NULL,
  contact_id {INT} NOT NULL,
  sort {INT} NOT NULL,
  PRIMARY KEY (lead_id, contact_id)
);
CREATE INDEX lead_contact_contact ON lead_contact (contact_id);
CREATE TABLE deal_contact (
  deal_id {INT} NOT NULL,
  contact_id {INT} NOT NULL,
  sort {INT} NOT NULL,
  PRIMARY KEY (deal_id, contact_id)
);
CREATE INDEX deal_contact_contact ON deal_contact (contact_id);
CREATE TABLE contact_company (
  contact_id {INT} NOT NULL,
  company_id {INT} NOT NULL,
  sort {INT} NOT NULL,
  PRIMARY KEY (contact_id, company_id)
);
CREATE INDEX contact_company_company ON contact_company (company_id);

-- Directories: stages, sources, types. A stage belongs to the group 'S' (success), 'F' (failure) or
-- none (in progress). The entries below are the ones a new portal has; SYSTEM ones cannot be
-- deleted without force.
CREATE TABLE crm_status (
  id {ID},
  entity_id {TEXT} NOT NULL,
  status_id {TEXT} NOT NULL,
  sort {INT} NOT NULL,
  name {TEXT} NOT NULL,
  name_init {TEXT} NOT NULL,
  system {TEXT} NOT NULL,
  category_id {INT},
  color {TEXT},
  semantics {TEXT}
);
-- One entry by its code, on every move of a lead or deal; and no code twice.
CREATE UNIQUE INDEX crm_status_code ON crm_status (entity_id, status_id);

INSERT INTO crm_status (entity_id, status_id, sort, name, name_init, system, color, semantics) VALUES
  ('STATUS', 'NEW', 10, 'Unprocessed', 'Unprocessed', 'Y', '#39A8EF', NULL),
  ('STATUS', 'IN_PROCESS', 20, 'In process', '', 'N', '#2FC6F6', NULL),
  ('STATUS', 'PROCESSED', 30, 'Processed', '', 'N', '#55D0E0', NULL),
  ('STATUS', 'CONVERTED', 40, 'High-quality lead', 'High-quality lead', 'Y', '#7BD500', 'S'),
  ('STATUS', 'JUNK', 50, 'Low-quality lead', 'Low-quality lead', 'Y', '#FF5752', 'F'),
  ('DEAL_STAGE', 'NEW', 10, 'New', 'New', 'Y', '#39A8EF', NULL),
  ('DEAL_STAGE', 'PREPARATION', 20, 'Document preparation', '', 'N', '#2FC6F6', NULL),
  ('DEAL_STAGE', 'PREPAYMENT_INVOICE', 30, 'Prepayment invoice', '', 'N', '#55D0E0', NULL),
  ('DEAL_STAGE', 'EXECUTING', 40, 'In progress', '', 'N', '#47E4C2', NULL),
  ('DEAL_STAGE', 'FINAL_INVOICE', 50, 'Final invoice', '', 'N', '#FFA900', NULL),
  ('DEAL_STAGE', 'WON', 60, 'Deal successful', 'Deal successful', 'Y', '#7BD500', 'S'),
  ('DEAL_STAGE', 'LOSE', 70, 'Deal failed', 'Deal failed', 'Y', '#FF5752', 'F'),
  ('DEAL_STAGE', 'APOLOGY', 80, 'Failure reason analysis', '', 'N', '#FF5752', 'F'),
  ('QUOTE_STATUS', 'DRAFT', 10, 'Draft', 'Draft', 'Y', '#39A8EF', NULL),
  ('QUOTE_STATUS', 'SENT', 20, 'Sent to client', '', 'N', '#2FC6F6', NULL),
  ('QUOTE_STATUS', 'APPROVED', 30, 'Accepted', 'Accepted', 'Y', '#7BD500', 'S'),
  ('QUOTE_STATUS', 'DECLAINED', 40, 'Declined', 'Declined', 'Y', '#FF5752', 'F');
INSERT INTO crm_status (entity_id, status_id, sort, name, name_init, system) VALUES
  ('SOURCE', 'CALL', 10, 'Call', 'Call', 'Y'),
  ('SOURCE', 'EMAIL', 20, 'E-mail', 'E-mail', 'Y'),
  ('SOURCE', 'WEB', 30, 'Website', 'Website', 'Y'),
  ('SOURCE', 'ADVERTISING', 40, 'Advertising', 'Advertising', 'N'),
  ('SOURCE', 'PARTNER', 50, 'Existing client', 'Existing client', 'Y'),
  ('SOURCE', 'RECOMMENDATION', 60, 'By recommendation', 'By recommendation', 'N'),
  ('SOURCE', 'TRADE_SHOW', 70, 'Trade show', 'Trade show', 'N'),
  ('SOURCE', 'WEBFORM', 80, 'CRM form', 'CRM form', 'Y'),
  ('SOURCE', 'CALLBACK', 90, 'Callback', 'Callback', 'Y'),
  ('SOURCE', 'RC_GENERATOR', 100, 'Sales generator', 'Sales generator', 'Y'),
  ('SOURCE', 'STORE', 110, 'Online store', 'Online store', 'Y'),
  ('SOURCE', 'OTHER', 120, 'Other', 'Other', 'Y'),
  ('CONTACT_TYPE', 'CLIENT', 10, 'Clients', 'Clients', 'N'),
  ('CONTACT_TYPE', 'SUPPLIER', 20, 'Suppliers', 'Suppliers', 'N'),
  ('CONTACT_TYPE', 'PARTNER', 30, 'Partners', 'Partners', 'N'),
  ('CONTACT_TYPE', 'OTHER', 40, 'Other', 'Other', 'N'),
  ('COMPANY_TYPE', 'CUSTOMER', 10, 'Client', 'Client', 'N'),
  ('COMPANY_TYPE', 'SUPPLIER', 20, 'Supplier', 'Supplier', 'N'),
  ('COMPANY_TYPE', 'COMPETITOR', 30, 'Competitor', 'Competitor', 'N'),
  ('COMPANY_TYPE', 'PARTNER', 40, 'Partner', 'Partner', 'N'),
  ('COMPANY_TYPE', 'OTHER', 50, 'Other', 'Other', 'N'),
  ('EMPLOYEES', 'EMPLOYEES_1', 10, 'less than 50', 'less than 50', 'N'),
  ('EMPLOYEES', 'EMPLOYEES_2', 20, '50-250', '50-250', 'N'),
  ('EMPLOYEES', 'EMPLOYEES_3', 30, '250-500', '250-500', 'N'),
  ('EMPLOYEES', 'EMPLOYEES_4', 40, 'over 500', 'over 500', 'N'),
  ('INDUSTRY', 'IT', 10, 'Information technology', 'Information technology', 'N'),
  ('INDUSTRY', 'TELECOM', 20, 'Telecommunication', 'Telecommunication', 'N'),
  ('INDUSTRY', 'MANUFACTURING', 30, 'Manufacturing', 'Manufacturing', 'N'),
  ('INDUSTRY', 'BANKING', 40, 'Banking services', 'Banking services', 'N'),
  ('INDUSTRY', 'CONSULTING', 50, 'Consulting', 'Consulting', 'N'),
  ('INDUSTRY', 'FINANCE', 60, 'Finance', 'Finance', 'N'),
  ('INDUSTRY', 'GOVERNMENT', 70, 'Government', 'Government', 'N'),
  ('INDUSTRY', 'DELIVERY', 80, 'Delivery', 'Delivery', 'N'),
  ('INDUSTRY', 'ENTERTAINMENT', 90, 'Entertainment', 'Entertainment', 'N'),
  ('INDUSTRY', 'NOTPROFIT', 100, 'Non-profit', 'Non-profit', 'N'),
  ('INDUSTRY', 'OTHER', 110, 'Other', 'Other', 'N'),
  ('DEAL_TYPE', 'SALE', 10, 'Sales', 'Sales', 'N'),
  ('DEAL_TYPE', 'COMPLEX', 20, 'Integrated sales', 'Integrated sales', 'N'),
  ('DEAL_TYPE', 'GOODS', 30, 'Goods', 'Goods', 'N'),
  ('DEAL_TYPE', 'SERVICES', 40, 'Services', 'Services', 'N'),
  ('DEAL_TYPE', 'SERVICE', 50, 'Maintenance', 'Maintenance', 'N'),
  ('HONORIFIC', 'HNR_EN_1', 10, 'Mr.', 'Mr.', 'N'),
  ('HONORIFIC', 'HNR_EN_2', 20, 'Ms.', 'Ms.', 'N'),
  ('HONORIFIC', 'HNR_EN_3', 30, 'Mrs.', 'Mrs.', 'N'),
  ('HONORIFIC', 'HNR_EN_4', 40, 'Dr.', 'Dr.', 'N'),
  ('CALL_LIST', 'IN_WORK', 10, 'In progress', 'In progress', 'Y'),
  ('CALL_LIST', 'SUCCESS', 20, 'Successful', 'Successful', 'N'),
  ('CALL_LIST', 'WRONG_NUMBER', 30, 'Wrong number', 'Wrong number', 'N'),
  ('CALL_LIST', 'STOP_CALLING', 40, 'Do not call again', 'Do not call again', 'N');
