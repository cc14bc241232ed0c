-- The currencies of a portal. A rate is said for a number of units: amount_cnt of them are worth `amount` of the base
-- currency, of which there is one. What rows name stays valid when a currency goes.
CREATE TABLE currency (
  id {ID},
  currency {TEXT} NOT NULL,
  amount_cnt {INT} NOT NULL,
  amount {REAL} NOT NULL,
  base {TEXT} NOT NULL,
  sort {INT} NOT NULL,
  date_update {INT} NOT NULL
);
-- The check of every CURRENCY_ID that is given.
CREATE UNIQUE INDEX currency_code ON currency (currency);
-- Which one is the base, on every add without a currency; and never two of them.
CREATE UNIQUE INDEX currency_base ON currency (base) WHERE base = 'Y';
-- How amounts are written, by language.
CREATE TABLE currency_lang (
  currency_id {INT} NOT NULL,
  lid {TEXT} NOT NULL,
  format_string {TEXT} NOT NULL,
  full_name {TEXT} NOT NULL,
  dec_point {TEXT} NOT NULL,
  thousands_sep {TEXT} NOT NULL,
  decimals {INT} NOT NULL,
  thousands_variant {TEXT} NOT NULL,
  hide_zero {TEXT} NOT NULL,
  PRIMARY KEY (currency_id, lid)
);
-- What a new portal has, at round rates of 2026-01-01: an administrator sets his own.
INSERT INTO currency (currency, amount_cnt, amount, base, sort, date_update) VALUES
  ('USD', 1, 1, 'N', 100, 1767225600), ('EUR', 1, 1.15, 'N', 200, 1767225600),
  ('GBP', 1, 1.35, 'N', 300, 1767225600), ('RUB', 100, 1.25, 'N', 400, 1767225600);
INSERT INTO currency_lang (currency_id, lid, format_string, full_name, dec_point, thousands_sep, decimals, thousands_variant, hide_zero)
  SELECT id, 'en', CASE currency WHEN 'USD' THEN '$#' WHEN 'EUR' THEN '€#' WHEN 'GBP' THEN '£#' ELSE '# RUB' END,
  CASE currency WHEN 'USD' THEN 'United States Dollar' WHEN 'EUR' THEN 'Euro' WHEN 'GBP' THEN 'Pound Sterling'
  ELSE 'Russian Ruble' END, '.', ',', 2, 'C', 'Y' FROM currency;
-- The setting told the base until now, and any three letters were a currency. Nobody has told what those are worth.
INSERT INTO currency (currency, amount_cnt, amount, base, sort, date_update)
  SELECT u.code, 1, 1, 'N', 500, 1767225600 FROM (SELECT currency_id AS code FROM lead UNION SELECT currency_id FROM deal UNION
  SELECT currency_id FROM company UNION SELECT value FROM setting WHERE name = 'currency') u
  WHERE u.code IS NOT NULL AND u.code <> '' AND u.code NOT IN (SELECT currency FROM currency);
INSERT INTO currency_lang (currency_id, lid, format_string, full_name, dec_point, thousands_sep, decimals, thousands_variant, hide_zero)
  SELECT id, 'en', '# ' || currency, currency, '.', ' ', 2, 'S', 'N' FROM currency WHERE id NOT IN (SELECT currency_id FROM currency_lang);
UPDATE currency SET base = 'Y' WHERE currency = COALESCE((SELECT value FROM setting WHERE name = 'currency' AND value <> ''), 'USD');
UPDATE currency SET amount = ROUND(CAST(amount * 10000 * (SELECT b.amount_cnt / b.amount FROM currency b WHERE b.base = 'Y') AS NUMERIC)) / 10000
  WHERE base = 'N';
UPDATE currency SET amount_cnt = 1, amount = 1 WHERE base = 'Y';
DELETE FROM setting WHERE name = 'currency';
