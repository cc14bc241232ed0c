-- What one looks a lead, a deal, a contact or a company up by when it has no id from elsewhere: the title, the last
-- name. A first name alone is too many people's, and beside a last name that one's index is enough.
ALTER TABLE lead ADD COLUMN title_key {TEXT};
@step fold_keys lead title
CREATE INDEX lead_title ON lead (title_key) WHERE title_key IS NOT NULL;
ALTER TABLE lead ADD COLUMN last_name_key {TEXT};
@step fold_keys lead last_name
CREATE INDEX lead_last_name ON lead (last_name_key) WHERE last_name_key IS NOT NULL;
ALTER TABLE deal ADD COLUMN title_key {TEXT};
@step fold_keys deal title
CREATE INDEX deal_title ON deal (title_key) WHERE title_key IS NOT NULL;
ALTER TABLE contact ADD COLUMN last_name_key {TEXT};
@step fold_keys contact last_name
CREATE INDEX contact_last_name ON contact (last_name_key) WHERE last_name_key IS NOT NULL;
ALTER TABLE company ADD COLUMN title_key {TEXT};
@step fold_keys company title
CREATE INDEX company_title ON company (title_key) WHERE title_key IS NOT NULL;
