-- Quotes: what is offered to a client. A quote's contacts are pairs, as those of a deal.
CREATE TABLE quote (
  id {ID},
  quote_number {TEXT},
  title {TEXT},
  status_id {TEXT} NOT NULL,
  status_semantic_id {TEXT} NOT NULL,
  moved_by_id {INT},
  moved_time {INT},
  currency_id {TEXT},
  opportunity {REAL},
  is_manual_opportunity {TEXT} NOT NULL,
  tax_value {REAL},
  company_id {INT},
  mycompany_id {INT},
  contact_id {INT},
  begindate {INT},
  closedate {INT},
  actual_date {INT},
  opened {TEXT} NOT NULL,
  closed {TEXT} NOT NULL,
  comments {TEXT},
  content_text {TEXT},
  terms {TEXT},
  client_title {TEXT},
  client_addr {TEXT},
  client_contact {TEXT},
  client_email {TEXT},
  client_phone {TEXT},
  client_tp_id {TEXT},
  client_tpa_id {TEXT},
  assigned_by_id {INT} NOT NULL,
  created_by_id {INT} NOT NULL,
  modify_by_id {INT} NOT NULL,
  date_create {INT} NOT NULL,
  date_modify {INT} NOT NULL,
  lead_id {INT},
  deal_id {INT},
  person_type_id {INT},
  location_id {TEXT},
  utm_source {TEXT},
  utm_medium {TEXT},
  utm_campaign {TEXT},
  utm_content {TEXT},
  utm_term {TEXT},
  last_activity_time {INT},
  last_activity_by {INT},
  last_communication_time {TEXT}
);
CREATE INDEX quote_assigned ON quote (assigned_by_id);
CREATE INDEX quote_company ON quote (company_id) WHERE company_id IS NOT NULL;
CREATE INDEX quote_mycompany ON quote (mycompany_id) WHERE mycompany_id IS NOT NULL;
CREATE INDEX quote_contact_main ON quote (contact_id) WHERE contact_id IS NOT NULL;
CREATE INDEX quote_lead ON quote (lead_id) WHERE lead_id IS NOT NULL;
CREATE INDEX quote_deal ON quote (deal_id) WHERE deal_id IS NOT NULL;
@search quote title
CREATE TABLE quote_contact (
  quote_id {INT} NOT NULL,
  contact_id {INT} NOT NULL,
  sort {INT} NOT NULL,
  role_id {INT} NOT NULL DEFAULT 0,
  PRIMARY KEY (quote_id, contact_id)
);
CREATE INDEX quote_contact_contact ON quote_contact (contact_id);
-- The deals that a quote leaves behind, and the portal's own companies, without reading all of them.
CREATE INDEX deal_quote ON deal (quote_id) WHERE quote_id IS NOT NULL;
CREATE INDEX company_mine ON company (id) WHERE is_my_company = 'Y';
