-- Texts are equal without regard to case (base/fold). Where an index looks one up, its folded key stands beside it and
-- is what the index holds; the rows there are get theirs by the step fold_keys.
ALTER TABLE lead ADD COLUMN origin_id_key {TEXT};
DROP INDEX lead_origin;
@step fold_keys lead origin_id
CREATE INDEX lead_origin ON lead (origin_id_key) WHERE origin_id_key IS NOT NULL;
ALTER TABLE deal ADD COLUMN origin_id_key {TEXT};
DROP INDEX deal_origin;
@step fold_keys deal origin_id
CREATE INDEX deal_origin ON deal (origin_id_key) WHERE origin_id_key IS NOT NULL;
ALTER TABLE contact ADD COLUMN origin_id_key {TEXT};
DROP INDEX contact_origin;
@step fold_keys contact origin_id
CREATE INDEX contact_origin ON contact (origin_id_key) WHERE origin_id_key IS NOT NULL;
ALTER TABLE company ADD COLUMN origin_id_key {TEXT};
DROP INDEX company_origin;
@step fold_keys company origin_id
CREATE INDEX company_origin ON company (origin_id_key) WHERE origin_id_key IS NOT NULL;
ALTER TABLE activity ADD COLUMN origin_id_key {TEXT};
DROP INDEX activity_origin;
@step fold_keys activity origin_id
CREATE INDEX activity_origin ON activity (origin_id_key) WHERE origin_id_key IS NOT NULL;
-- Logins were unique to the letter, and there may be two that differ in case: these indexes only find.
ALTER TABLE member ADD COLUMN login_key {TEXT} NOT NULL DEFAULT '';
ALTER TABLE member ADD COLUMN email_key {TEXT} NOT NULL DEFAULT '';
@step fold_keys member login
@step fold_keys member email
CREATE INDEX member_login_key ON member (login_key);
CREATE INDEX member_email_key ON member (email_key);
-- A phone's key is its number: "Whose phone is this", duplicates, and the filter by the exact value, which then looks
-- at the few that have the number.
ALTER TABLE multifield ADD COLUMN value_key {TEXT} NOT NULL DEFAULT '';
DROP INDEX multifield_value;
@step multifield_keys
CREATE INDEX multifield_value ON multifield (type_id, value_key);
-- PostgreSQL's lower() took two letters otherwise than we do.
@search_anew lead title name second_name last_name company_title
@search_anew deal title
@search_anew contact name second_name last_name
@search_anew company title
@search_anew activity subject description
