-- Two servers give no number twice.
INSERT INTO rule (name) VALUES ('smart_invoice');
