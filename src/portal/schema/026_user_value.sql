-- Custom fields: the values of a field of one value stand in the column f<ID> of a table TABLE_uf, which is made with
-- an object's first field. What a field of several values holds stands there as a list, and here for filters.
CREATE TABLE uf_list (
  field_id {INT} NOT NULL,
  row_id {INT} NOT NULL,
  place {INT} NOT NULL,
  number {INT},
  amount {REAL},
  text {TEXT},
  text_key {TEXT},
  PRIMARY KEY (field_id, row_id, place)
);
CREATE INDEX uf_list_number ON uf_list (field_id, number, row_id) WHERE number IS NOT NULL;
CREATE INDEX uf_list_amount ON uf_list (field_id, amount, row_id) WHERE amount IS NOT NULL;
CREATE INDEX uf_list_text ON uf_list (field_id, text_key, row_id) WHERE text_key IS NOT NULL;
-- indexed: its column has an index. emptied: nothing is left of the values of a removed field.
ALTER TABLE user_field ADD COLUMN indexed {INT};
ALTER TABLE user_field ADD COLUMN emptied {INT};
