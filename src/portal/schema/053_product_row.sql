-- What is sold with a lead, a deal ...: owner_type is the short code of crm.enum.ownertype. Prices are of one unit.
CREATE TABLE product_row (
  id {ID},
  owner_type {TEXT} NOT NULL,
  owner_id {INT} NOT NULL,
  product_id {INT} NOT NULL,
  product_name {TEXT} NOT NULL,
  price {REAL} NOT NULL,
  price_exclusive {REAL} NOT NULL,
  price_netto {REAL} NOT NULL,
  price_brutto {REAL} NOT NULL,
  quantity {REAL} NOT NULL,
  discount_type_id {INT} NOT NULL,
  discount_rate {REAL} NOT NULL,
  discount_sum {REAL} NOT NULL,
  tax_rate {REAL},
  tax_included {TEXT} NOT NULL,
  customized {TEXT} NOT NULL,
  measure_code {INT} NOT NULL,
  measure_name {TEXT} NOT NULL,
  sort {INT} NOT NULL,
  xml_id {TEXT} NOT NULL,
  type {INT} NOT NULL
);
-- The rows of one owner: every read, every change of one, the sum, and the clean-up.
CREATE INDEX product_row_owner ON product_row (owner_type, owner_id);
