-- `basic` is a word of the documentation for methods that need no scope; no credential has it.
UPDATE webhook SET scope = TRIM(REPLACE(',' || scope || ',', ',basic,', ','), ',')
  WHERE ',' || scope || ',' LIKE '%,basic,%';
UPDATE app SET scope = TRIM(REPLACE(',' || scope || ',', ',basic,', ','), ',')
  WHERE ',' || scope || ',' LIKE '%,basic,%';
UPDATE app_consent SET scope = TRIM(REPLACE(',' || scope || ',', ',basic,', ','), ',')
  WHERE ',' || scope || ',' LIKE '%,basic,%';
UPDATE oauth_token SET scope = TRIM(REPLACE(',' || scope || ',', ',basic,', ','), ',')
  WHERE ',' || scope || ',' LIKE '%,basic,%';
