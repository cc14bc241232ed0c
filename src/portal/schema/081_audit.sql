-- Who changed rights, credentials and settings. Kept apart: no reset touches it, nothing refers to it.
CREATE TABLE audit (
    id {ID},
    made {INT} NOT NULL,
    action {TEXT} NOT NULL,
    user_id {INT} NOT NULL,
    credential_id {INT} NOT NULL,
    app_id {INT} NOT NULL,
    client {TEXT} NOT NULL,
    request_id {TEXT} NOT NULL,
    what {TEXT} NOT NULL
);
CREATE INDEX audit_made ON audit (made);
