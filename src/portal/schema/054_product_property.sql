-- Properties that the products of a portal have of its own, the items of those that are lists, and their values. A
-- value is text as it is shown without a language; number beside it is what it is compared and sorted by, if it is one.
CREATE TABLE product_property (
  id {ID},
  iblock_id {INT} NOT NULL,
  name {TEXT} NOT NULL,
  active {TEXT} NOT NULL,
  sort {INT} NOT NULL,
  code {TEXT},
  default_value {TEXT},
  property_type {TEXT} NOT NULL,
  row_count {INT} NOT NULL,
  col_count {INT} NOT NULL,
  list_type {TEXT} NOT NULL,
  multiple {TEXT} NOT NULL,
  xml_id {TEXT},
  is_required {TEXT} NOT NULL,
  user_type {TEXT},
  user_type_settings {TEXT},
  timestamp_x {INT} NOT NULL
);
CREATE TABLE product_property_enum (
  id {ID},
  property_id {INT} NOT NULL,
  value {TEXT} NOT NULL,
  def {TEXT} NOT NULL,
  sort {INT} NOT NULL,
  xml_id {TEXT}
);
-- The items of a property: whenever the catalog is read.
CREATE INDEX product_property_enum_property ON product_property_enum (property_id);
CREATE TABLE product_property_value (
  id {ID},
  product_id {INT} NOT NULL,
  property_id {INT} NOT NULL,
  value {TEXT} NOT NULL,
  number {REAL},
  sort {INT} NOT NULL
);
-- The values of a page of products, and of one that goes.
CREATE INDEX product_property_value_product ON product_property_value (product_id, property_id);
-- Who has a value: filters, and the clean-up when a property or an item of it goes.
CREATE INDEX product_property_value_number ON product_property_value (property_id, number) WHERE number IS NOT NULL;
CREATE INDEX product_property_value_property ON product_property_value (property_id);
