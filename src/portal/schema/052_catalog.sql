-- Units of measure. Rows of products name them by code, products by id.
CREATE TABLE measure (
  id {ID},
  code {INT} NOT NULL,
  measure_title {TEXT} NOT NULL,
  symbol_rus {TEXT},
  symbol_intl {TEXT},
  symbol_letter_intl {TEXT},
  is_default {TEXT} NOT NULL
);
-- The unit of a product row, by its code.
CREATE UNIQUE INDEX measure_code ON measure (code);
INSERT INTO measure (code, measure_title, symbol_rus, symbol_intl, symbol_letter_intl, is_default) VALUES
  (6, 'Meter', 'm', 'm', 'MTR', 'N'), (112, 'Liter', 'l', 'l', 'LTR', 'N'), (163, 'Gram', 'g', 'g', 'GRM', 'N'),
  (166, 'Kilogram', 'kg', 'kg', 'KGM', 'N'), (796, 'Piece', 'pcs', 'pc. 1', 'PCE. NMB', 'Y');
-- Tax rates. One without a number is no tax.
CREATE TABLE vat (
  id {ID},
  active {TEXT} NOT NULL,
  c_sort {INT} NOT NULL,
  name {TEXT} NOT NULL,
  rate {REAL},
  timestamp_x {INT} NOT NULL
);
INSERT INTO vat (active, c_sort, name, rate, timestamp_x) VALUES
  ('Y', 100, 'No VAT', NULL, 1767225600), ('Y', 200, 'VAT 20%', 20, 1767225600);
-- There is one catalog of products; sections are its folders.
CREATE TABLE product_catalog (id {ID}, name {TEXT} NOT NULL, originator_id {TEXT}, origin_id {TEXT}, xml_id {TEXT});
INSERT INTO product_catalog (name) VALUES ('CRM product catalog');
CREATE TABLE product_section (
  id {ID},
  catalog_id {INT} NOT NULL,
  section_id {INT},
  name {TEXT} NOT NULL,
  xml_id {TEXT}
);
-- What is in a section, before it is deleted and when it is opened.
CREATE INDEX product_section_section ON product_section (section_id) WHERE section_id IS NOT NULL;
CREATE TABLE product (
  id {ID},
  catalog_id {INT} NOT NULL,
  price {REAL},
  currency_id {TEXT},
  name {TEXT} NOT NULL,
  code {TEXT},
  description {TEXT},
  description_type {TEXT} NOT NULL,
  active {TEXT} NOT NULL,
  section_id {INT},
  sort {INT} NOT NULL,
  vat_id {INT},
  vat_included {TEXT} NOT NULL,
  measure {INT},
  xml_id {TEXT},
  date_create {INT} NOT NULL,
  timestamp_x {INT} NOT NULL,
  modified_by {INT} NOT NULL,
  created_by {INT} NOT NULL
);
-- The products of a section.
CREATE INDEX product_section_product ON product (section_id) WHERE section_id IS NOT NULL;
-- The look-up by the other system's id, before every exchange of a product.
CREATE INDEX product_xml ON product (xml_id) WHERE xml_id IS NOT NULL;
-- Substring filters: a product is looked for by a part of its name.
@search product name
INSERT INTO rule (name) VALUES ('measure'), ('product_section');
