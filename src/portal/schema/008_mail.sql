-- E-mails still to be handed to the relay: the content is the activity's. sender: "Name <address>".
CREATE TABLE mail_outbox (
  id {ID},
  activity_id {INT} NOT NULL,
  sender {TEXT} NOT NULL,
  copy_to_sender {INT} NOT NULL,
  created {INT} NOT NULL,
  due {INT} NOT NULL,
  attempts {INT} NOT NULL DEFAULT 0,
  gave_up {INT},
  last_error {TEXT} NOT NULL DEFAULT ''
);
CREATE INDEX mail_outbox_due ON mail_outbox (due) WHERE gave_up IS NULL;
CREATE INDEX mail_outbox_activity ON mail_outbox (activity_id);
