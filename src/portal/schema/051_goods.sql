INSERT INTO rule (name) VALUES ('currency');
