-- Who watches an item. The rows of a type that is made at run time are here as well.
CREATE TABLE observer (
  entity_type_id {INT} NOT NULL,
  entity_id {INT} NOT NULL,
  user_id {INT} NOT NULL,
  sort {INT} NOT NULL,
  PRIMARY KEY (entity_type_id, entity_id, user_id)
);
-- "What do I watch?": the filter by observers.
CREATE INDEX observer_user ON observer (user_id, entity_type_id, entity_id);
-- How the card of a type is arranged: of one user, or of everybody (user_id 0). variant: a funnel, or the kind
-- of leads.
CREATE TABLE card_configuration (
  entity_type_id {INT} NOT NULL,
  variant {INT} NOT NULL,
  user_id {INT} NOT NULL,
  data {TEXT} NOT NULL,
  PRIMARY KEY (entity_type_id, variant, user_id)
);
-- The form of a site that an item came from.
ALTER TABLE lead ADD COLUMN webform_id {INT};
ALTER TABLE deal ADD COLUMN webform_id {INT};
ALTER TABLE contact ADD COLUMN webform_id {INT};
ALTER TABLE company ADD COLUMN webform_id {INT};
-- What came of a lead, when it goes.
CREATE INDEX deal_lead ON deal (lead_id) WHERE lead_id IS NOT NULL;
CREATE INDEX contact_lead ON contact (lead_id) WHERE lead_id IS NOT NULL;
CREATE INDEX company_lead ON company (lead_id) WHERE lead_id IS NOT NULL;
