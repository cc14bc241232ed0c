-- A signed address asks whether an application may still act for its user.
CREATE INDEX oauth_token_user ON oauth_token (app_id, user_id);
