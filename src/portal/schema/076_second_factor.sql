-- A second factor: codes that change every half minute (RFC 6238). The secret is sealed with the portal's key; it holds once
-- its user has shown a code, and each code opens once: those up to last_step are used.
CREATE TABLE second_factor (
    user_id {INT} PRIMARY KEY,
    secret {TEXT} NOT NULL,
    confirmed {INT},
    last_step {INT} NOT NULL
);
-- For who has lost his device: keyed hashes, which go as they are used.
CREATE TABLE recovery_code (
    user_id {INT} NOT NULL,
    code_hash {TEXT} NOT NULL,
    PRIMARY KEY (user_id, code_hash)
);
