-- What crm.deal.contact.* and their siblings keep of a link beside its place: the role of the other one, and
-- which of a company's contacts is its main one (that of a contact stands in contact.company_id).
ALTER TABLE lead_contact ADD COLUMN role_id {INT} NOT NULL DEFAULT 0;
ALTER TABLE deal_contact ADD COLUMN role_id {INT} NOT NULL DEFAULT 0;
ALTER TABLE contact_company ADD COLUMN role_id {INT} NOT NULL DEFAULT 0;
ALTER TABLE contact_company ADD COLUMN company_main {INT} NOT NULL DEFAULT 0;
