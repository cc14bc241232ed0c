-- What applications keep in the portal: for all (user_id 0), or for one user. value is JSON.
CREATE TABLE app_option (
  app_id {INT} NOT NULL,
  user_id {INT} NOT NULL,
  name {TEXT} NOT NULL,
  value {TEXT} NOT NULL,
  PRIMARY KEY (app_id, user_id, name)
);
